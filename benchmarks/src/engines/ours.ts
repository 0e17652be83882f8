import { classicBert } from "@ripvec/arch-classic-bert";
import { embedTexts, GenericBackend, type WeightDType } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { openModel } from "@ripvec/hub";
import type { BenchModel, Engine } from "./engine.js";

/** The model as an app opens it: from its directory, tokenizer and all. */
export async function openOurs(
  { directory, pooling }: BenchModel,
  threads: number,
  dtype: WeightDType,
): Promise<Engine> {
  const [model, driver] = await Promise.all([openModel(directory), cpu({ threads })]);
  const backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    pooling,
    normalize: true,
    dtype,
  });
  return {
    async embed(input) {
      if (input.kind === "ids") return backend.embedBatch(input.encodings);
      const vectors: Float32Array[] = [];
      for await (const { embedding } of embedTexts(backend, model.tokenizer, input.texts)) {
        vectors.push(embedding);
      }
      return vectors;
    },
    close: () => backend.close(),
  };
}
