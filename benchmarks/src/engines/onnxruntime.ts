import { join } from "node:path";
import { OnnxEncoder, type SessionOptions } from "../onnx/session.js";
import { normalized, pool } from "../pooling.js";
import { type BenchModel, chunks, type Engine, peerBatch } from "./engine.js";

/** A graph in onnxruntime, 32 texts at a time, each batch padded to its longest. */
export async function openOnnxruntime(
  model: BenchModel,
  graph: string,
  options: SessionOptions,
): Promise<Engine> {
  const { directory, pooling, padId } = model;
  const encoder = await OnnxEncoder.load(join(directory, graph), options);
  return {
    async embed(input) {
      if (input.kind !== "ids") throw new TypeError("onnxruntime takes token ids");
      const vectors: ArrayLike<number>[] = [];
      for (const batch of chunks(input.encodings, peerBatch)) {
        const states = await encoder.hiddenStates(batch, padId);
        for (const state of states) vectors.push(normalized(pool(state, pooling)));
      }
      return vectors;
    },
    close: () => encoder.close(),
  };
}
