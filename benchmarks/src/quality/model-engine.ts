import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { classicBert } from "@ripvec/arch-classic-bert";
import { type EmbedBackend, embedTexts, GenericBackend, type WeightDType } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { type Model, openModel, resolvePrompt } from "@ripvec/hub";
import type { Found } from "./found.js";
import { nearest } from "./search.js";
import type { Entry, Yardstick } from "./yardstick.js";

/** A model's folder and the dtype of its weights; without a dtype, the driver's default. */
export interface ModelSpec {
  readonly name: string;
  readonly directory: string;
  readonly dtype?: WeightDType | undefined;
}

export interface ModelEngine {
  readonly spec: ModelSpec;
  search(yardstick: Yardstick): Promise<Found>;
  close(): Promise<void>;
}

/** Opens a model as an application opens it, with the model's prompts for queries and documents. */
export async function openModelEngine(spec: ModelSpec, threads: number): Promise<ModelEngine> {
  const model = await openModel(spec.directory, { arch: classicBert });
  const driver = await cpu({ threads });
  const backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    dtype: spec.dtype,
  });
  return {
    spec,
    search: (yardstick) => search(backend, model, yardstick),
    close: () => backend.close(),
  };
}

async function search(
  backend: EmbedBackend,
  model: Model,
  { documents, queries }: Yardstick,
): Promise<Found> {
  const begin = performance.now();
  const passages = await embed(backend, model, "document", documents);
  const asked = await embed(backend, model, "query", queries);
  const seconds = (performance.now() - begin) / 1000;
  const hits = nearest(asked.vectors, passages.vectors, documents);
  return {
    hits: new Map(queries.map(({ id }, at) => [id, hits[at] ?? []])),
    seconds,
    tokens: passages.tokens + asked.tokens,
    truncated: passages.truncated,
  };
}

async function embed(
  backend: EmbedBackend,
  model: Model,
  kind: "document" | "query",
  entries: readonly Entry[],
): Promise<{ vectors: Float32Array[]; tokens: number; truncated: number }> {
  const vectors: Float32Array[] = [];
  let tokens = 0;
  let truncated = 0;
  const texts = entries.map(({ text }) => text);
  const prompt = resolvePrompt(model, kind);
  for await (const row of embedTexts(backend, model.tokenizer, texts, { prompt })) {
    vectors.push(row.embedding);
    tokens += row.tokens;
    truncated += Number(row.truncated);
  }
  return { vectors, tokens, truncated };
}

/** Bytes of a model's weight files. */
export async function weightBytes(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter((name) => /\.(safetensors|bin)$/.test(name));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(directory, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
