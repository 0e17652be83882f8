/**
 * Applies a fault to the weights of a model at every `stride`-th step of its life. Prints the
 * result as one line of JSON per fault.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WeightDType } from "@ripvec/core";
import { faults } from "./file-faults.js";
import { type Life, live, wrongWith } from "./life.js";
import { contents, writeWeights } from "./made-weights.js";
import { interruptFiles, onStep } from "./steps.js";

const [dtype = "f32", stride = "1", ...names] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "ripvec-faults-"));

/** The life of a model with a fault at one step, and the number of steps. */
async function liveWithFault(
  content: Uint8Array,
  at: number,
  fault: (path: string) => void,
): Promise<{ life: Life; steps: number }> {
  const directory = join(folder, "model");
  mkdirSync(directory);
  const path = writeWeights(directory, content);
  let steps = 0;
  const step = () => {
    if (steps++ !== at) return;
    onStep(() => {});
    fault(path);
    onStep(step);
  };
  onStep(step);
  const life = await live(directory, dtype as WeightDType, { between: step });
  onStep(() => {});
  rmSync(directory, { recursive: true });
  return { life, steps };
}

interruptFiles();
try {
  const whole = await liveWithFault(contents.own, -1, () => {});
  const other = await liveWithFault(contents.other, -1, () => {});
  const moved = await liveWithFault(contents.moved, -1, () => {});
  for (const [first, name] of names.entries()) {
    const counts = { name, right: 0, refused: 0 };
    for (let at = first % Number(stride); at < whole.steps; at += Number(stride)) {
      const { life } = await liveWithFault(contents.own, at, (path) =>
        faults[name]?.(path, contents),
      );
      const wrong = wrongWith(life, [whole.life, other.life, moved.life]);
      if (wrong !== undefined) throw new Error(`${name} at step ${at}: ${wrong}`);
      const isRight = [...life.passes, life.fingerprint].every((outcome) => "value" in outcome);
      counts[isRight ? "right" : "refused"]++;
    }
    console.log(JSON.stringify(counts));
  }
} finally {
  rmSync(folder, { recursive: true });
}
