/**
 * Runs native tests, a short life of the driver and the conformance suite on processors and systems that this
 * machine is not, under qemu-user and Wine: node scripts/emulate.mjs [nehalem | haswell | arm64 | windows]
 * Needs qemu-user-static, for arm64 also g++-aarch64-linux-gnu, for windows g++-mingw-w64-x86-64-posix and wine64;
 * npm fetches Node for those two into build/. x64 Linux. The nightly workflow runs all but windows: it takes minutes.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAddon, buildNativeTest, configure, root } from "./build.mjs";
import { bundle } from "./bundle.mjs";

const entry = (name) => fileURLToPath(new URL(`../test/support/${name}.ts`, import.meta.url));

/** A Node of another platform, from npm, unpacked once. Returns the program. */
function fetchNode(platform, program) {
  const folder = join(root, "build", `node-${platform}`);
  const path = join(folder, "package/bin", program);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const packed = execFileSync("npm", ["pack", `node-${platform}@20.20.2`, "--silent"], {
      cwd: folder,
      encoding: "utf8",
    });
    execFileSync("tar", ["-xzf", packed.trim()], { cwd: folder });
  }
  return path;
}

/** A Windows of its own; Node refuses the version that Wine claims to be at first. */
function wineEnv() {
  const env = { WINEPREFIX: join(root, "build", "wine"), WINEDEBUG: "-all" };
  if (!existsSync(env.WINEPREFIX)) {
    execFileSync("wine", ["winecfg", "-v", "win10"], { env: { ...process.env, ...env } });
  }
  return env;
}

const machines = {
  nehalem: {
    tag: "linux-x64",
    emulator: ["qemu-x86_64-static", "-cpu", "Nehalem"],
    node: () => process.execPath,
  },
  haswell: {
    tag: "linux-x64",
    emulator: ["qemu-x86_64-static", "-cpu", "Haswell"],
    node: () => process.execPath,
  },
  arm64: {
    tag: "linux-arm64",
    emulator: ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"],
    node: () => fetchNode("linux-arm64", "node"),
  },
  windows: {
    tag: "win32-x64",
    emulator: ["wine"],
    node: () => fetchNode("win-x64", "node.exe"),
    env: wineEnv,
  },
};

function run(title, [command, ...args], env) {
  const { status, signal } = spawnSync(command, args, {
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  console.log(`  ${title}: ${status === 0 ? "ok" : `FAILED (${status ?? signal})`}`);
  return status === 0;
}

async function emulate(name) {
  const { tag, emulator, node, env = () => ({}) } = machines[name];
  const system = env();
  const config = configure({ tag });
  const folder = join(root, "build", `emulate-${name}`);
  const addon = await buildAddon(config, join(folder, "driver_cpu.node"));
  const program = await buildNativeTest(config);
  console.log(name);
  const results = [run("native tests", [...emulator, program], system)];
  for (const suite of ["smoke", "conformance"]) {
    const script = await bundle(entry(suite), join(folder, suite));
    const variables = { ...system, RIPVEC_CPU_BINARY: addon };
    results.push(run(suite, [...emulator, node(), script], variables));
  }
  return results.every(Boolean);
}

const chosen = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : Object.keys(machines);
const unknown = names.find((name) => !Object.hasOwn(machines, name));
if (unknown !== undefined) {
  console.error(`no machine ${unknown}; there are ${Object.keys(machines).join(", ")}`);
  process.exit(2);
}
const failed = [];
for (const name of names) if (!(await emulate(name))) failed.push(name);
console.log(
  failed.length === 0 ? `emulate: ${names.join(", ")} ok` : `emulate: ${failed.join(", ")} FAILED`,
);
process.exit(failed.length === 0 ? 0 : 1);
