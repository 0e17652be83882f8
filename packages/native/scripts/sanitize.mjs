import { execFileSync, spawnSync } from "node:child_process";
import { expectTests } from "./driver-package.mjs";
import { linkProgram } from "./link.mjs";
import { prepareSuites } from "./suites.mjs";
import { targetOf } from "./target.mjs";

const common = "-O1 -g -fno-omit-frame-pointer";
const sanitizers = {
  address: {
    flags: `${common} -fsanitize=address,undefined`,
    preload: ["libasan.so", "libubsan.so"],
    // V8 frees little before the end of the process, so the tests of memory look for leaks instead.
    env: { ASAN_OPTIONS: "detect_leaks=0:halt_on_error=1", UBSAN_OPTIONS: "print_stacktrace=1" },
  },
  thread: {
    flags: `${common} -fsanitize=thread`,
    preload: ["libtsan.so"],
    // Node itself is not instrumented, so only reports from the addon count.
    env: { TSAN_OPTIONS: "ignore_noninstrumented_modules=1:exitcode=66:halt_on_error=0" },
  },
};

/**
 * Runs a command, shows what it prints, and returns whether it succeeded without a sanitizer's report. It runs without
 * address randomisation, whose range in newer kernels is wider than what the sanitizers' runtimes know.
 */
function passes(command, env) {
  const { status, signal, stdout, stderr } = spawnSync("setarch", ["-R", ...command], {
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

async function runWith(driver, name) {
  const { flags, preload, env } = sanitizers[name];
  const target = targetOf({ flags });
  const libraries = preload.map((file) =>
    execFileSync(target.cxx, [`-print-file-name=${file}`], { encoding: "utf8" }).trim(),
  );
  const results = [];
  if (driver.tests) {
    console.log(`${name}: native tests`);
    results.push(passes([await linkProgram(driver, target, "native-test", driver.tests)], env));
  }
  const prepared = await prepareSuites(driver, target, `sanitize-${name}`);
  const inNode = { ...env, ...prepared.env, LD_PRELOAD: libraries.join(" ") };
  for (const { suite, script } of prepared.suites) {
    console.log(`${name}: ${suite} in Node`);
    results.push(passes([process.execPath, script], inNode));
  }
  return results.every(Boolean);
}

/**
 * Builds the native tests and the addon with sanitizers, and runs them and the driver's suites: sanitize [address | thread].
 * `address` is AddressSanitizer with UndefinedBehaviorSanitizer. Linux with g++; it takes minutes.
 */
export async function sanitize(driver, args) {
  expectTests(driver);
  const names = args.length > 0 ? args : Object.keys(sanitizers);
  const unknown = names.find((name) => !Object.hasOwn(sanitizers, name));
  if (unknown !== undefined) {
    throw new Error(`no sanitizer ${unknown}; there are: ${Object.keys(sanitizers).join(", ")}`);
  }
  const failed = [];
  for (const name of names) if (!(await runWith(driver, name))) failed.push(name);
  console.log(
    failed.length === 0
      ? `sanitize: ${names.join(", ")} ok`
      : `sanitize: ${failed.join(", ")} FAILED`,
  );
  return failed.length === 0;
}
