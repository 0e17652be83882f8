/**
 * Builds the native tests and the addon with sanitizers and runs them, a short life of the driver and the
 * conformance suite:
 *   node scripts/sanitize.mjs [address | thread]
 * `address` is AddressSanitizer with UndefinedBehaviorSanitizer. Linux with g++. The nightly workflow runs it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAddon, buildNativeTest, configure, root } from "./build.mjs";
import { bundle } from "./bundle.mjs";

const entry = (name) => fileURLToPath(new URL(`../test/support/${name}.ts`, import.meta.url));
const common = "-O1 -g -fno-omit-frame-pointer";
const sanitizers = {
  address: {
    flags: `${common} -fsanitize=address,undefined`,
    preload: ["libasan.so", "libubsan.so"],
    // V8 keeps what it likes until the end; leaks are the business of test/memory.test.ts.
    env: { ASAN_OPTIONS: "detect_leaks=0:halt_on_error=1", UBSAN_OPTIONS: "print_stacktrace=1" },
  },
  thread: {
    flags: `${common} -fsanitize=thread`,
    preload: ["libtsan.so"],
    // Node itself is not instrumented: only what happens in the addon counts.
    env: { TSAN_OPTIONS: "ignore_noninstrumented_modules=1:exitcode=66:halt_on_error=0" },
  },
};

/** Runs a command, shows what it prints, and returns whether it succeeded without a sanitizer's report. */
function passes(command, args, env) {
  const { status, signal, stdout, stderr } = spawnSync(command, args, {
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout ?? "");
  process.stderr.write((stderr ?? "").slice(0, 20_000));
  const reports =
    (stderr ?? "").match(
      /^.*(ERROR: AddressSanitizer|runtime error:|WARNING: ThreadSanitizer).*$/gm,
    ) ?? [];
  console.log(`  exit ${status ?? signal}, ${reports.length} sanitizer reports`);
  return status === 0 && reports.length === 0;
}

async function sanitize(name) {
  const { flags, preload, env } = sanitizers[name];
  const config = configure({ flags });
  const libraries = preload.map((file) =>
    execFileSync(config.cxx, [`-print-file-name=${file}`], { encoding: "utf8" }).trim(),
  );
  console.log(`${name}: native tests`);
  const program = await buildNativeTest(config);
  // Without address randomisation, whose range newer kernels widened beyond what the runtimes know.
  const native = passes("setarch", ["-R", program], env);
  console.log(`${name}: the addon in Node`);
  const folder = join(root, "build", `sanitize-${name}`);
  const addon = await buildAddon(config, join(folder, "driver_cpu.node"));
  const inNode = [];
  for (const suite of ["smoke", "conformance"]) {
    const script = await bundle(entry(suite), join(folder, suite));
    inNode.push(
      passes("setarch", ["-R", process.execPath, script], {
        ...env,
        LD_PRELOAD: libraries.join(" "),
        RIPVEC_CPU_BINARY: addon,
      }),
    );
  }
  return native && inNode.every(Boolean);
}

const chosen = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : Object.keys(sanitizers);
const failed = [];
for (const name of names) if (!(await sanitize(name))) failed.push(name);
console.log(
  failed.length === 0
    ? `sanitize: ${names.join(", ")} ok`
    : `sanitize: ${failed.join(", ")} FAILED`,
);
process.exit(failed.length === 0 ? 0 : 1);
