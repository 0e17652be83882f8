/**
 * Makes every allocation of the addon fail once, each in a process of its own, from loading it to closing the driver:
 *   node scripts/fail-allocations.mjs
 * Each process has to end by itself with right values or with errors of ripvec's. Linux; by hand, not in CI: it takes
 * minutes. What Node allocates itself is not made to fail.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAddon, configure, root } from "./build.mjs";
import { bundle } from "./bundle.mjs";

const entry = fileURLToPath(new URL("../test/support/short-life.ts", import.meta.url));
const folder = join(root, "build", "fail-allocations");
const addon = await buildAddon(configure(), join(folder, "driver_cpu.node"), [
  "native-test/failing_new.cc",
]);
const script = await bundle(entry, folder);

/** What came of a life in which allocation n failed. */
function live(n) {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, RIPVEC_CPU_BINARY: addon, RIPVEC_FAIL_ALLOCATION: String(n) },
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ n, end: code ?? signal, output }));
  });
}

/** As many processes in a row in which nothing failed: then there are no more allocations. */
const enough = 40;
const ends = new Map();
const bad = [];
let next = 0;
let rightInARow = 0;
async function worker() {
  while (rightInARow < enough) {
    const { n, end, output } = await live(next++);
    const said = output.trim().split("\n").at(-1) ?? "";
    if (end !== 0) bad.push(`allocation ${n}: ended with ${end}: ${output.slice(-600)}`);
    rightInARow = said === "right" ? rightInARow + 1 : 0;
    ends.set(said, (ends.get(said) ?? 0) + 1);
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));
for (const [said, count] of ends) console.log(`${count} × ${said}`);
for (const line of bad) console.log(line);
console.log(`${next} allocations, ${bad.length} failures`);
process.exitCode = bad.length === 0 ? 0 : 1;
