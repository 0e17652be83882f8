/**
 * Runs the conformance suite in plain Node, for emulators: one test after the other. Prints their
 * number.
 */
import { testDriver } from "@ripvec/driver-testkit";
import { cpu, cpuInfo } from "../../src/index.js";

/** An emulator may be a hundred times slower than the machine. */
const emulatorTimeoutMs = 1_800_000;

const failures: string[] = [];
let passed = 0;
let skipped = 0;

for (const instructionSet of cpuInfo().instructionSets) {
  const tests: { name: string; body: () => Promise<void> }[] = [];
  testDriver({
    test: (name, body) => tests.push({ name, body }),
    createDriver: () => cpu({ instructionSet, threads: 2 }),
    timeoutMs: emulatorTimeoutMs,
    skip: () => {
      skipped++;
      passed--;
    },
  });
  for (const { name, body } of tests) {
    try {
      await body();
      passed++;
    } catch (error) {
      failures.push(`${instructionSet} ${name}: ${(error as Error).message}`);
    }
  }
}
for (const failure of failures) console.log(failure);
console.log(
  `conformance on ${cpuInfo().instructionSets.join(", ")}: ${passed} passed, ${skipped} skipped, ${failures.length} failed`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
