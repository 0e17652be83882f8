import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expectTests } from "./driver-package.mjs";
import { fetchPackage } from "./fetch-package.mjs";
import { linkProgram } from "./link.mjs";
import { prepareSuites } from "./suites.mjs";
import { targetOf } from "./target.mjs";

const integrities = {
  "linux-arm64":
    "sha512-LCXJnNTFiyGuYBw2gZSI5OBFMbkjAPt8sqD/NKrWoE2QmDgSubTqFng6GaNJ9EJ8HpxBMGcWWpbbcs4Vo+CnGg==",
  "win-x64":
    "sha512-JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==",
};

/** Fetches a Node of another platform from npm, once. Returns the path of the program. */
function fetchNode({ root }, platform, program) {
  const spec = `node-${platform}@20.20.2`;
  const folder = fetchPackage(join(root, "build", `node-${platform}`), spec, integrities[platform]);
  return join(folder, "bin", program);
}

/**
 * A separate Wine prefix that reports Windows 10, because Node refuses the version that Wine
 * reports by default.
 */
function wineEnv({ root }) {
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
    isRelease: true,
    emulator: ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"],
    node: (driver) => fetchNode(driver, "linux-arm64", "node"),
  },
  windows: {
    tag: "win32-x64",
    emulator: ["wine"],
    node: (driver) => fetchNode(driver, "win-x64", "node.exe"),
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

async function runOn(driver, name) {
  const { tag, emulator, node, env = () => ({}), isRelease } = machines[name];
  const system = env(driver);
  const target = { ...targetOf({ tag }), isRelease };
  const prepared = await prepareSuites(driver, target, `emulate-${name}`);
  console.log(name);
  const results = [];
  if (driver.tests) {
    const program = await linkProgram(driver, target, "native-test", driver.tests);
    results.push(run("native tests", [...emulator, program], system));
  }
  for (const { suite, script } of prepared.suites) {
    const command = [...emulator, node(driver), script];
    results.push(run(suite, command, { ...system, ...prepared.env }));
  }
  return results.every(Boolean);
}

/**
 * Runs the native tests and the driver's suites on emulated processors and systems, under qemu-user
 * and Wine: emulate [nehalem | haswell | arm64 | windows]. The addon for arm64 is linked as for a
 * release. Needs x64 Linux and qemu-user-static, for arm64 also g++-aarch64-linux-gnu, and for
 * windows g++-mingw-w64-x86-64-posix and wine64. npm fetches Node for those two. It takes minutes.
 */
export async function emulate(driver, args) {
  expectTests(driver);
  const names = args.length > 0 ? args : Object.keys(machines);
  const unknown = names.find((name) => !Object.hasOwn(machines, name));
  if (unknown !== undefined) {
    throw new Error(`no machine ${unknown}; there are: ${Object.keys(machines).join(", ")}`);
  }
  const failed = [];
  for (const name of names) if (!(await runOn(driver, name))) failed.push(name);
  console.log(
    failed.length === 0
      ? `emulate: ${names.join(", ")} ok`
      : `emulate: ${failed.join(", ")} FAILED`,
  );
  return failed.length === 0;
}
