import { openTorch } from "../../../../packages/hub/src/torch/open-torch.js";
import { makeArchive } from "../../../../packages/hub/test/torch/make-archive.js";
import type { Target } from "../target.js";
import { readTensors, weightFile } from "./weights.js";

function read(bytes: Uint8Array): void {
  const source = weightFile(bytes);
  readTensors(openTorch(source), bytes, source.maxRequested);
}

/** A whole file of torch.save. */
export const torchArchive: Target = { name: "torch-archive", kind: "bytes", run: read };

const storages = [64, 4, 16, 256].map((byteLength, key) => {
  const body = Buffer.from(Float32Array.from({ length: byteLength / 4 }, (_, i) => i).buffer);
  return [`x/data/${key}`, body] as const;
});

/** Only data.pkl, in an archive with four storages. */
export const pickle: Target = {
  name: "pickle",
  kind: "bytes",
  run: (data) => read(makeArchive([["x/data.pkl", data], ...storages])),
};
