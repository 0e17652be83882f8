/**
 * Adds up the results of `.ci/run` and prints "N passed, N failed" as the last line:
 *   node scripts/total-results.mjs <vitest's JSON report> <output of check> <output of reference> <exit code> …
 * In the two outputs, lines that start with "ok ", "FAILED " or "skipped: " count. Exits with 1 when something
 * failed, when nothing passed, or when an exit code is not 0.
 */
import { readFileSync } from "node:fs";

const [report, checks, reference, ...codes] = process.argv.slice(2);

/** Results of the test suites. A report that cannot be read counts as one failure. */
function testResults() {
  try {
    const tests = JSON.parse(readFileSync(report, "utf8"));
    return {
      passed: tests.numPassedTests,
      failed: tests.numFailedTests,
      skipped: tests.numPendingTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const lines = [checks, reference].flatMap((path) => readFileSync(path, "utf8").split("\n"));
const linesWith = (start) => lines.filter((line) => line.startsWith(start)).length;

const tests = testResults();
const passed = tests.passed + linesWith("ok ");
const skipped = tests.skipped + linesWith("skipped: ");
let failed = tests.failed + linesWith("FAILED ");
if (failed === 0 && (passed === 0 || codes.some((code) => code !== "0"))) failed = 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exit(failed > 0 ? 1 : 0);
