import { narrowWeight } from "@ripvec/core/arch";
import { createFile } from "./output-file.js";
import type { NarrowDType, PlannedTensor } from "./plan-tensors.js";
import { layoutOf } from "./safetensors-layout.js";

/** Bytes of the weights that have been converted; `total` is the number for the whole model. */
export interface ConvertProgress {
  /** The next tensor. */
  readonly tensor: string;
  readonly done: number;
  readonly total: number;
}

interface WriteOptions {
  readonly dtype: NarrowDType;
  readonly signal?: AbortSignal | undefined;
  readonly onConvert?: ((progress: ConvertProgress) => void) | undefined;
}

/**
 * Writes a safetensors file tensor by tensor, so that memory holds only one. Resolves with its
 * length in bytes.
 */
export async function writeWeights(
  path: string,
  planned: readonly PlannedTensor[],
  { dtype, signal, onConvert }: WriteOptions,
): Promise<number> {
  const { head, offsets, byteLength } = layoutOf(planned.flatMap(({ stored }) => stored));
  const total = planned.reduce((sum, { view }) => sum + view.byteLength, 0);
  let done = 0;
  await createFile(path, signal, async (file) => {
    await file.writeAt(0, head);
    for (const { view, narrow } of planned) {
      onConvert?.({ tensor: view.name, done, total });
      const tensor = narrow ? narrowWeight(view, dtype) : view;
      // When no dtype was converted, the scales are a tensor of the model, which is written as
      // stored.
      const scales = narrow ? tensor.scales : undefined;
      for (const part of scales ? [tensor, scales] : [tensor]) {
        await file.writeAt(offsets.get(part.name) ?? Number.NaN, part.bytes());
      }
      done += view.byteLength;
    }
  });
  return byteLength;
}
