import { classicBert } from "@ripvec/arch-classic-bert";
import { embedTexts, GenericBackend, type Tokenizer, type WeightDType } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { openBareModel } from "./bare-model.js";
import type { BenchModel, Engine, InputKind } from "./engine.js";

/**
 * For texts, the model is opened with its tokenizer as an application opens it; for ids without.
 */
export async function openOurs(
  { directory, pooling }: BenchModel,
  { threads, kind, dtype }: { threads: number; kind: InputKind; dtype: WeightDType },
): Promise<Engine> {
  const model = kind === "text" ? await openWithTokenizer(directory) : openBareModel(directory);
  const driver = await cpu({ threads });
  const options = { arch: classicBert, pooling, normalize: true, dtype } as const;
  const backend = await GenericBackend.create({ ...options, driver, model });
  return {
    async embed(input) {
      if (input.kind === "ids") return backend.embedBatch(input.encodings);
      if (!model.tokenizer) throw new TypeError("this engine was opened for token ids");
      return embedAll(backend, model.tokenizer, input.texts);
    },
    close: () => backend.close(),
  };
}

/**
 * The hub is imported only when texts are embedded, so that other processes do not pay for its
 * import.
 */
async function openWithTokenizer(directory: string) {
  const { openModel } = await import("@ripvec/hub");
  return openModel(directory);
}

async function embedAll(
  backend: GenericBackend,
  tokenizer: Tokenizer,
  texts: readonly string[],
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for await (const { embedding } of embedTexts(backend, tokenizer, texts)) vectors.push(embedding);
  return vectors;
}
