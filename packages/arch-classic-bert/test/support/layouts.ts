import { readFileSync } from "node:fs";
import type { ModelSource, Tokenizer } from "@ripvec/core";
import { type JsonObject, openSafetensors, type WeightSource } from "@ripvec/core/arch";

/**
 * A model in one layout of sentence-transformers, and the vectors that this computed.
 * scripts/reference/modules writes them.
 */
export interface Layout {
  readonly name: string;
  readonly config: JsonObject;
  readonly weights: string;
  readonly sentenceConfig: JsonObject | null;
  readonly truncateDim: number | null;
  readonly modules:
    | readonly { type: string; path: string; config: JsonObject; weights: string | null }[]
    | null;
  readonly maxTokens: number;
  /** "" if there is none. */
  readonly prompt: string;
  /** `normalize_embeddings` of the call. */
  readonly normalize: boolean;
  readonly promptIds: readonly number[];
  readonly texts: readonly string[];
  /** The token ids of prompt and text together, with special tokens and before truncation. */
  readonly ids: readonly (readonly number[])[];
  readonly vectors: readonly (readonly number[])[];
}

const folder = new URL("../fixtures/modules/", import.meta.url);

export const layouts: readonly Layout[] = readFileSync(new URL("layouts.jsonl", folder), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Layout);

export function layoutNamed(name: string): Layout {
  const found = layouts.find((layout) => layout.name === name);
  if (!found) throw new Error(`no layout ${name}`);
  return found;
}

function weightsNamed(name: string): WeightSource {
  const path = new URL(`weights/${name}`, folder);
  const bytes = readFileSync(path);
  return openSafetensors({
    path: path.pathname,
    byteLength: bytes.byteLength,
    local: false,
    read: (from, byteLength) => bytes.subarray(from, from + byteLength),
    hash: async () => name,
  });
}

export function sourceOf(layout: Layout): ModelSource {
  return {
    id: layout.name,
    config: layout.config,
    weights: weightsNamed(layout.weights),
    sentenceConfig: layout.sentenceConfig ?? undefined,
    truncateDim: layout.truncateDim ?? undefined,
    modules: layout.modules?.map(({ weights, ...module }) => ({
      ...module,
      weights: weights === null ? undefined : weightsNamed(weights),
    })),
  };
}

/** A tokenizer that knows only the texts of the layout. */
export function tokenizerOf({ prompt, promptIds, texts, ids }: Layout): Tokenizer {
  const known = new Map(texts.map((text, i) => [prompt + text, ids[i] ?? []]));
  known.set(prompt, known.get(prompt) ?? promptIds);
  const encode = (text: string) => {
    const inputIds = known.get(text);
    if (!inputIds) throw new Error(`no ids for ${JSON.stringify(text)}`);
    return { inputIds };
  };
  return { suffixTokens: 1, encode, encodeBatch: (all) => all.map(encode) };
}
