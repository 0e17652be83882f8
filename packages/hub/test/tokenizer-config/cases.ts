import { readFileSync } from "node:fs";
import type { JsonObject } from "@ripvec/core/arch";
import type { ModelFiles } from "../../src/model-files.js";
import { readTokenizerFiles } from "../../src/tokenizer-config/read-tokenizer-files.js";
import {
  type ResolvedTokenizer,
  resolveTokenizer,
} from "../../src/tokenizer-config/resolve-tokenizer.js";

/** What transformers 5 makes of a directory. Parts and rows of ids are indices into the pool. */
export interface Expected {
  readonly added_tokens: number;
  readonly normalizer: number;
  readonly pre_tokenizer: number;
  readonly post_processor: number;
  /** Without vocabulary and merges. */
  readonly model: number;
  readonly max_length: number | null;
  readonly truncation_side: "left" | "right";
  readonly split_special_tokens: boolean;
  readonly token_types: boolean;
  /** For each text. */
  readonly ids: number;
  /** The same, truncated to 6 tokens. */
  readonly short: number;
}

export interface Case {
  readonly name: string;
  readonly base: string | null;
  readonly config: JsonObject;
  readonly tokenizer_config: JsonObject | null;
  readonly sentence_config?: JsonObject;
  readonly patch?: JsonObject;
  readonly model?: JsonObject;
  readonly files?: Readonly<Record<string, JsonObject>>;
  readonly copy?: readonly string[];
  /** null: transformers fails. */
  readonly expected: Expected | null;
}

interface Fixture {
  readonly texts: readonly string[];
  readonly bases: Readonly<Record<string, JsonObject>>;
  readonly pool: readonly unknown[];
  readonly cases: readonly Case[];
}

export const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../fixtures/tokenizer-config.json", import.meta.url), "utf8"),
);

/** A model's files in memory, by name. */
export function memoryFiles(files: Readonly<Record<string, string>>): ModelFiles {
  return {
    id: "memory",
    locate: (path) => path,
    exists: async (path) => Object.hasOwn(files, path),
    read: async (path) => {
      const text = files[path];
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    list: async () => undefined,
    open: async () => undefined,
  };
}

export interface Settings {
  readonly config?: JsonObject;
  readonly tokenizerConfig?: JsonObject;
  readonly sentenceConfig?: JsonObject;
}

export async function resolveFiles(
  files: Readonly<Record<string, string>>,
  { config = { model_type: "bert" }, tokenizerConfig = {}, sentenceConfig = {} }: Settings = {},
): Promise<ResolvedTokenizer> {
  const settings = { config, tokenizerConfig, sentenceConfig };
  return resolveTokenizer(await readTokenizerFiles(memoryFiles(files), "", settings));
}

export function resolveCase(each: Case): Promise<ResolvedTokenizer> {
  const json = each.base === null ? undefined : tokenizerJson(each.base, each);
  const files = {
    ...(json && { "tokenizer.json": JSON.stringify(json) }),
    ...Object.fromEntries((each.copy ?? []).map((name) => [name, vocabularyFile(name)])),
    ...Object.fromEntries(
      Object.entries(each.files ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  };
  return resolveFiles(files, {
    config: each.config,
    tokenizerConfig: each.tokenizer_config ?? {},
    sentenceConfig: each.sentence_config ?? {},
  });
}

function tokenizerJson(base: string, { patch, model }: Case): JsonObject {
  const own = fixture.bases[base] ?? {};
  const json = base === "mpnet" ? { ...fixture.bases.bert, ...own } : own;
  const merged = { ...json, ...patch };
  const { type, ...rest } = { ...(merged.model as JsonObject), ...model };
  return { ...merged, model: type === null ? rest : { type, ...rest } };
}

function vocabularyFile(name: string): string {
  const modelOf = (base: string) =>
    fixture.bases[base]?.model as { vocab: Record<string, number>; merges: string[][] };
  if (name === "vocab.json") return JSON.stringify(modelOf("bytelevel").vocab);
  if (name === "merges.txt") {
    return ["#version: 0.2", ...modelOf("bytelevel").merges.map((pair) => pair.join(" ")), ""].join(
      "\n",
    );
  }
  const words = Object.entries(modelOf("bert").vocab).sort(([, a], [, b]) => a - b);
  return `${words.map(([word]) => word).join("\n")}\n`;
}
