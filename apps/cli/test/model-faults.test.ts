import { spawn } from "node:child_process";
import { cpuInfo } from "@ripvec/driver-cpu";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../scripts/bundle.mjs";
import { faults } from "./support/faults/file-faults.js";

const bundled = (name: string) => bundle(name, `test/support/faults/${name}.ts`);
let atEveryStep: string;
let whileItRuns: string;
beforeAll(async () => {
  atEveryStep = await bundled("at-every-step");
  whileItRuns = await bundled("while-it-runs");
});

/** A bound, so that a process that hangs does not hang the test; they take a tenth of it. */
const longest = 240_000;

interface Ended {
  /** Exit code, or the signal that ended the process. */
  readonly end: number | NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end in its own process, because a fault must not end it. */
function run(program: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, RIPVEC_CPU_BINARY: cpuInfo().binaryPath },
    timeout: longest,
    killSignal: "SIGKILL",
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ end: code ?? signal, out, err }));
  });
}

const linesOf = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** Windows does not allow most of these changes to an open file. */
describe.runIf(process.platform !== "win32")("a file of weights", () => {
  // The superuser can read everything.
  const names = Object.keys(faults).filter(
    (name) => name !== "made unreadable" || process.getuid?.() !== 0,
  );

  const worst = ["cut in the middle", "replaced by another layout", "rewritten in place"];
  const others = names.filter((name) => !worst.includes(name));

  test.each([
    ["f32", 1, worst],
    ["f32", 4, others],
    ["i8", 2, worst],
  ])(
    "changed at one of the steps of a model's life, in %s, stride %i: gives an error that names it, or the right vectors",
    async (dtype, stride, kinds) => {
      const { end, out, err } = await run(atEveryStep, [dtype, String(stride), ...kinds]);
      expect({ end, err }).toEqual({ end: 0, err: "" });
      const counts = linesOf(out);
      expect(counts.map(({ name }) => name)).toEqual(kinds);
      // Each fault shows at most steps, which proves that it was applied.
      for (const { refused, name } of counts) expect(refused, String(name)).toBeGreaterThan(8);
    },
    longest,
  );

  test.each(["f32", "f16"])(
    "cut and rewritten by another process while passes run, in %s: gives the same",
    async (dtype) => {
      const { end, out, err } = await run(whileItRuns, [dtype]);
      expect({ end, err }).toEqual({ end: 0, err: "" });
      const [counts] = linesOf(out);
      expect(counts).toMatchObject({ lives: 60 });
      expect(counts?.refused).toBeGreaterThan(20);
      expect(counts?.right).toBeGreaterThan(20);
    },
    longest,
  );
});
