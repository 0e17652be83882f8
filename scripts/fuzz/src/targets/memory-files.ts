import { memorySource } from "../../../../packages/hub/src/browser/memory-source.js";
import type { ModelFiles } from "../../../../packages/hub/src/model-files.js";

/**
 * The files of a model in one JSON document: a string stands for a file with this text, { "base64": … } for one with these
 * bytes, and any other value for a JSON file. Undefined when the input is no such document.
 */
export function modelFiles(input: Uint8Array): ModelFiles | undefined {
  const files = readBundle(input);
  if (files === undefined) return undefined;
  return {
    id: "model",
    locate: (path) => path,
    exists: async (path) => files.has(path),
    read: async (path) => files.get(path),
    open: async (path) => {
      const bytes = files.get(path);
      return bytes && memorySource(path, { bytes, sha256: "0" });
    },
    list: async () => [...files.keys()],
  };
}

function readBundle(input: Uint8Array): Map<string, Uint8Array> | undefined {
  try {
    const bundle: unknown = JSON.parse(Buffer.from(input).toString());
    if (typeof bundle !== "object" || bundle === null) return undefined;
    return new Map(Object.entries(bundle).map(([name, value]) => [name, fileOf(value)]));
  } catch {
    return undefined;
  }
}

function fileOf(value: unknown): Uint8Array {
  if (typeof value === "string") return Buffer.from(value);
  if (typeof value === "object" && value !== null && "base64" in value) {
    return Buffer.from(String(value.base64), "base64");
  }
  return Buffer.from(JSON.stringify(value) ?? "");
}
