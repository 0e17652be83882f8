import { ModelFileError } from "@ripvec/core";
import { isJsonObject } from "../model-files.js";

/**
 * Real tokenizers have up to twenty steps in a sequence. A long text passes through all of them in
 * nested calls.
 */
const maxSteps = 200;

/**
 * Throws ModelFileError when a normalizer or pre-tokenizer has too many steps; steps of nested
 * sequences are counted.
 */
export function checkStepCount(json: unknown, kind: string, list: string): void {
  let count = 0;
  const open = [json];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (++count > maxSteps) {
      throw new ModelFileError(`the ${kind} has more than ${maxSteps} steps`);
    }
    const inner = isJsonObject(step) ? step[list] : undefined;
    if (Array.isArray(inner)) for (const each of inner.slice(0, maxSteps + 1)) open.push(each);
  }
}
