import { judge } from "./oracle.js";
import type { Target } from "./target.js";

const rounds = 4;
const maxInputs = 200;

/** The growth of the heap, in bytes, when the same inputs are read repeatedly. Needs node --expose-gc. */
export async function growthOf(
  target: Target,
  inputs: readonly Uint8Array[],
  starts: (input: Uint8Array) => void,
): Promise<number> {
  const some = inputs.filter((input) => input.length < 20_000).slice(-maxInputs);
  // In two rounds caches are filled and the code is compiled.
  for (let round = 0; round < 2; round += 1) await readAll(target, some, starts);
  const before = await heapBytes();
  for (let round = 0; round < rounds; round += 1) await readAll(target, some, starts);
  return (await heapBytes()) - before;
}

async function readAll(
  target: Target,
  inputs: readonly Uint8Array[],
  starts: (input: Uint8Array) => void,
): Promise<void> {
  for (const input of inputs) {
    starts(input);
    await judge(target, input);
  }
}

async function heapBytes(): Promise<number> {
  const { gc } = globalThis;
  // Without it, garbage of earlier work may be freed between two measurements and hide any growth.
  if (!gc) throw new Error("The growth of the heap can only be measured under node --expose-gc.");
  for (let i = 0; i < 3; i += 1) {
    gc();
    await new Promise(setImmediate);
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
