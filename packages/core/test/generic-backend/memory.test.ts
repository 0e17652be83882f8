import type { GenericBackend, ModelSource } from "@ripvec/core";
import { openSafetensors } from "@ripvec/core/arch";
import { expect, test } from "vitest";
import { encoding, toyBackend } from "../support/backend.js";
import { collected } from "../support/collected.js";
import { CountingSource, safetensorsFile } from "../support/safetensors-file.js";
import { dim, vocabSize } from "../support/toy-model.js";

/** Bytes of a file with the toy model's table. */
function tableFile(first: number): Uint8Array {
  const values = Float32Array.from({ length: vocabSize * dim }, (_, i) => first + i);
  const shape = [vocabSize, dim];
  const table = { dtype: "F32", shape, data_offsets: [0, values.byteLength] };
  return safetensorsFile({ table }, new Uint8Array(values.buffer));
}

/** A backend of a model that nothing but the backend can hold, and what would show that it does. */
async function backendOf(facts: { local: boolean }): Promise<{
  readonly backend: GenericBackend;
  readonly files: readonly WeakRef<object>[];
  readonly hashes: () => number;
}> {
  const files = [tableFile(1), tableFile(2)];
  const counts: { hashes: number } = { hashes: 0 };
  const open = (file: Uint8Array) => {
    const source = new CountingSource(file, facts);
    source.hash = async () => `hash ${++counts.hashes}`;
    return openSafetensors(source);
  };
  const [weights, dense] = files.map(open);
  const modules = [{ type: "Dense", path: "2_Dense", config: {}, weights: dense }];
  const model = { id: "toy", config: {}, weights, modules } as ModelSource;
  const { backend } = await toyBackend({ options: { model } });
  const refs = files.map((file) => new WeakRef(file.buffer));
  return { backend, files: refs, hashes: () => counts.hashes };
}

test("a backend does not hold a model that is in memory, and has its fingerprint", async () => {
  const { backend, files } = await backendOf({ local: false });
  for (const file of files) expect(await collected(file)).toBe(true);
  expect(await backend.fingerprint()).toBe("v2/toy/mean/f32/4/hash 1/hash 2");
  expect(await backend.embedBatch([encoding(3)])).toHaveLength(1);
  await backend.close();
});

test("files are hashed by the first call of fingerprint", async () => {
  const { backend, hashes } = await backendOf({ local: true });
  expect(hashes()).toBe(0);
  expect(await backend.fingerprint()).toBe("v2/toy/mean/f32/4/hash 1/hash 2");
  expect(await backend.fingerprint()).toBe("v2/toy/mean/f32/4/hash 1/hash 2");
  expect(hashes()).toBe(2);
  await backend.close();
});

test("a hash that fails is an error of the fingerprint alone", async () => {
  const file = new CountingSource(tableFile(1));
  file.hash = async () => {
    throw new Error("no digest here");
  };
  const model = { id: "toy", config: {}, weights: openSafetensors(file) };
  const { backend } = await toyBackend({ options: { model } });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(await backend.embedBatch([encoding(3)])).toHaveLength(1);
  await expect(backend.fingerprint()).rejects.toThrow("no digest here");
  await backend.close();
});
