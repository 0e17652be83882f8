import type { Driver } from "@ripvec/core";
import { type Tensor, weightView } from "@ripvec/core/driver";

/** Reproducible numbers of about ±0.5 that differ from each other. */
export function wave(length: number, seed = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, (_, i) => 0.5 * Math.sin(seed + i * 0.73));
}

/** The weights of one block as in an encoder, so that a pass uses tables, matrices and vectors. */
export interface Block {
  readonly table: Tensor;
  readonly matrix: Tensor;
  readonly bias: Tensor<"f32">;
}

export interface BlockOptions {
  readonly tokens?: number;
  readonly layers?: number;
  readonly poison?: boolean;
  /** Whether to flush after every layer. */
  readonly flush?: boolean;
}

export const blockDim = 48;
const vocab = 200;

export function makeBlock(driver: Driver): Block {
  return {
    table: driver.createTensor(
      weightView("table", [vocab, blockDim], wave(vocab * blockDim)),
      "table",
    ),
    matrix: driver.createTensor(
      weightView("matrix", [blockDim, blockDim], wave(blockDim * blockDim, 2)),
      "matrix",
    ),
    bias: driver.createTensor(
      weightView("bias", [blockDim], wave(blockDim, 3)),
      "vector",
    ) as Tensor<"f32">,
  };
}

/**
 * Looks `tokens` rows up, then applies linear and layer norm `layers` times. The result is [tokens,
 * blockDim].
 */
export function runBlock(
  driver: Driver,
  block: Block,
  { tokens = 20, layers = 2, poison = false, flush = false }: BlockOptions = {},
): Promise<Float32Array> {
  const { table, matrix, bias } = block;
  return driver.run(
    (ops) => {
      const ids = ops.input(
        Int32Array.from({ length: tokens }, (_, i) => (i * 37) % vocab),
        [tokens],
      );
      const x = ops.alloc("f32", [tokens, blockDim]);
      ops.embedding_lookup({ table, ids, out: x });
      for (let layer = 0; layer < layers; layer++) {
        ops.scope(() => {
          const y = ops.alloc("f32", [tokens, blockDim]);
          ops.linear({ x, weight: matrix, bias, activation: "erf", out: y });
          ops.layer_norm({ x: y, weight: bias, bias, eps: 1e-5, out: x });
        });
        if (flush) ops.flush();
      }
      return x;
    },
    { poison },
  );
}

const longSize = 512;
const longInput = wave(longSize * longSize);

/**
 * A pass of about `gigaflops` billion operations on [512, 512]. 20 take a tenth of a second, and
 * 5000 half a minute.
 */
export function runLong(driver: Driver, gigaflops: number): Promise<Float32Array> {
  const view = weightView("long", [longSize, longSize], longInput);
  const weight = driver.createTensor(view, "matrix");
  const times = Math.ceil((gigaflops * 1e9) / (2 * longSize ** 3));
  return driver.run((ops) => {
    const x = ops.input(longInput, [longSize, longSize]);
    const out = ops.alloc("f32", [longSize, longSize]);
    for (let i = 0; i < times; i++) ops.linear({ x, weight, out });
    return ops.slice(out, 0, [1, 8]);
  });
}
