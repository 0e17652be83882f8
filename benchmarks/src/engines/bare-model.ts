import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ModelSource } from "@ripvec/core";
import { type ByteSource, openSafetensors } from "@ripvec/core/arch";

/** Config and weights of a directory without its tokenizer, which is enough to embed token ids. */
export function openBareModel(directory: string): ModelSource {
  return {
    id: directory,
    config: JSON.parse(readFileSync(join(directory, "config.json"), "utf8")),
    weights: openSafetensors(fileSource(join(directory, "model.safetensors"))),
  };
}

function fileSource(path: string): ByteSource {
  return {
    path,
    byteLength: statSync(path).size,
    local: true,
    read(from, byteLength) {
      const [file, bytes] = [openSync(path, "r"), new Uint8Array(byteLength)];
      try {
        let done = 0;
        while (done < byteLength) {
          const read = readSync(file, bytes, done, byteLength - done, from + done);
          if (read === 0) throw new RangeError(`${path} ends at byte ${from + done}`);
          done += read;
        }
      } finally {
        closeSync(file);
      }
      return bytes;
    },
    hash: () => Promise.reject(new Error("this benchmark does not compare vectors across runs")),
  };
}
