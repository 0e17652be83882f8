import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { required } from "./driver-package.mjs";
import { linkAddon } from "./link.mjs";
import { targetOf } from "./target.mjs";

/** Once this many processes in a row had no failing allocation, there are no further allocations. */
const enough = 40;

/** Runs the script in a process in which allocation n of the addon fails. */
function live(script, env, n) {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env, RIPVEC_FAIL_ALLOCATION: String(n) },
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return new Promise((resolve) => {
    child.on("close", (code, signal) => resolve({ end: code ?? signal, output }));
  });
}

/**
 * Makes every allocation of the addon fail once, each in a process of its own that runs the driver's `shortLife` from
 * loading the addon to closing the driver. Each process has to end by itself, with right values ("right" is its last
 * line) or with an error of ripvec's. Linux; it takes minutes. Allocations of Node itself do not fail.
 */
export async function failAllocations(driver) {
  const { entry, source } = required(driver, "shortLife");
  const variable = required(driver, "environmentVariable");
  const folder = join(driver.root, "build", "fail-allocations");
  const addon = join(folder, `${driver.addon}.node`);
  await linkAddon(driver, targetOf(), addon, [source]);
  const { bundle } = await import("./bundle.mjs");
  const script = await bundle(driver.root, join(driver.root, entry), folder);
  const ends = new Map();
  const bad = [];
  let next = 0;
  let rightInARow = 0;
  const worker = async () => {
    while (rightInARow < enough) {
      const n = next++;
      const { end, output } = await live(script, { [variable]: addon }, n);
      const said = output.trim().split("\n").at(-1) ?? "";
      if (end !== 0) bad.push(`allocation ${n}: ended with ${end}: ${output.slice(-600)}`);
      rightInARow = said === "right" ? rightInARow + 1 : 0;
      ends.set(said, (ends.get(said) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  for (const [said, count] of ends) console.log(`${count} × ${said}`);
  for (const line of bad) console.log(line);
  console.log(`${next} allocations, ${bad.length} failures`);
  return bad.length === 0;
}
