import { basename, dirname } from "node:path";
import { env, pipeline } from "@huggingface/transformers";
import { type BenchModel, chunks, type Engine, peerBatch } from "./engine.js";

/** The feature-extraction pipeline with its own tokenizer, 32 texts at a time. */
export async function openTransformersJs(
  { directory, pooling }: BenchModel,
  threads: number,
  dtype: "fp32" | "q8",
): Promise<Engine> {
  env.allowRemoteModels = false;
  env.localModelPath = dirname(directory);
  const extract = await pipeline("feature-extraction", basename(directory), {
    dtype,
    device: "cpu",
    session_options: { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 },
  });
  return {
    async embed(input) {
      if (input.kind !== "text") throw new TypeError("transformers.js takes texts");
      const vectors: Float32Array[] = [];
      for (const batch of chunks(input.texts, peerBatch)) {
        const output = await extract([...batch], {
          pooling: pooling === "last" ? "last_token" : pooling,
          normalize: true,
        });
        vectors.push(...rowsOf(output.data as Float32Array, batch.length));
      }
      return vectors;
    },
    close: () => extract.dispose(),
  };
}

function rowsOf(data: Float32Array, rows: number): Float32Array[] {
  const columns = data.length / rows;
  return Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns));
}
