import { narrowWeight } from "@ripvec/core";
import { createFile, sha256Of } from "./output-file.js";
import type { NarrowDType, PlannedTensor } from "./plan-tensors.js";
import { layoutOf } from "./safetensors-layout.js";

/** Bytes of the model's weights that are converted; `total` are all. */
export interface ConvertProgress {
  /** The tensor that is next. */
  readonly tensor: string;
  readonly done: number;
  readonly total: number;
}

interface WriteOptions {
  readonly dtype: NarrowDType;
  readonly signal?: AbortSignal | undefined;
  readonly onConvert?: ((progress: ConvertProgress) => void) | undefined;
}

/** Writes a safetensors file, one tensor after the other: no more than one is in memory. */
export async function writeWeights(
  path: string,
  planned: readonly PlannedTensor[],
  { dtype, signal, onConvert }: WriteOptions,
): Promise<{ readonly bytesAfter: number; readonly sha256: string }> {
  const { head, offsets, byteLength } = layoutOf(planned.flatMap(({ stored }) => stored));
  const total = planned.reduce((sum, { view }) => sum + view.byteLength, 0);
  let done = 0;
  await createFile(path, signal, async (file) => {
    await file.writeAt(0, head);
    for (const { view, narrow } of planned) {
      onConvert?.({ tensor: view.name, done, total });
      const tensor = narrow ? narrowWeight(view, dtype) : view;
      for (const part of tensor.scales ? [tensor, tensor.scales] : [tensor]) {
        await file.writeAt(offsets.get(part.name) ?? Number.NaN, part.bytes());
      }
      done += view.byteLength;
    }
  });
  return { bytesAfter: byteLength, sha256: await sha256Of(path, signal) };
}
