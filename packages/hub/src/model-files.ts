import { ModelFileError } from "@ripvec/core";
import type { ByteSource, JsonObject } from "@ripvec/core/arch";
import { foreignContent } from "./foreign-content.js";
import { hasTooManyValues, isTooDeep, maxJsonDepth } from "./json-depth.js";

/** The files of one model, in a directory, a download cache or on a web server. */
export interface ModelFiles {
  /** The directory or the id, for messages. */
  readonly id: string;
  /** The location of a file, for messages. */
  locate(path: string): string;
  exists(path: string): Promise<boolean>;
  /**
   * The whole file, or undefined when the model does not have it. Throws ModelFileError beyond
   * `maxBytes`.
   */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** A file that is read in parts, or undefined when the model does not have it. */
  open(path: string): Promise<ByteSource | undefined>;
  /**
   * Paths of the files, truncated when there are very many; undefined where they cannot be listed,
   * as on a web server.
   */
  list(): Promise<readonly string[] | undefined>;
}

/**
 * Largest JSON file that is read, in bytes. The largest tokenizers of real models have about 35 MB.
 * A hostile file can take twenty times its size in memory when parsed.
 */
export const jsonLimits: Readonly<Record<"config" | "shardIndex" | "tokenizer", number>> = {
  config: 4 << 20,
  shardIndex: 16 << 20,
  tokenizer: 64 << 20,
};

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses a JSON file, with `parse` where more than JSON.parse is needed. Undefined when it is
 * absent. Throws ModelFileError when it is not JSON.
 */
export async function readJson(
  files: ModelFiles,
  path: string,
  maxBytes: number = jsonLimits.config,
  parse: (text: string) => unknown = JSON.parse,
): Promise<unknown> {
  const text = await readText(files, path, maxBytes);
  if (text === undefined) return undefined;
  const facts = { path: files.locate(path) };
  if (hasTooManyValues(text)) throw new ModelFileError("has more values than ripvec reads", facts);
  let value: unknown;
  try {
    value = parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : "") + hintOf(text);
    throw new ModelFileError(
      cause instanceof ModelFileError ? reason : `is not valid JSON: ${reason}`,
      { ...facts, cause },
    );
  }
  if (!isTooDeep(value)) return value;
  throw new ModelFileError(`nests lists and objects more than ${maxJsonDepth} deep`, facts);
}

/** What Python's json module writes for numbers that JSON does not have. */
function hintOf(text: string): string {
  const found = /[[:,]\s*(-?(?:NaN|Infinity))\b/.exec(text);
  if (!found) return "";
  return `. It holds ${found[1]}, which Python writes and JSON does not have: replace it by a number or null`;
}

/**
 * A text file in UTF-8; a byte order mark stays in the text. Undefined when it is absent. Throws
 * ModelFileError when it is not UTF-8, and when it has the content of another kind of file (see
 * foreignContent).
 */
export async function readText(
  files: ModelFiles,
  path: string,
  maxBytes: number,
): Promise<string | undefined> {
  const bytes = await files.read(path, maxBytes);
  if (!bytes) return undefined;
  const refuse = (message: string, cause?: unknown) =>
    new ModelFileError(message, { path: files.locate(path), cause });
  const foreign = foreignContent(bytes);
  if (foreign !== undefined) throw refuse(foreign);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuse("is not UTF-8 text", cause);
  }
}

/** As readJson, for files whose top level must be an object. */
export async function readJsonObject(
  files: ModelFiles,
  path: string,
  maxBytes: number = jsonLimits.config,
  parse: (text: string) => unknown = JSON.parse,
): Promise<JsonObject | undefined> {
  const value = await readJson(files, path, maxBytes, parse);
  if (value === undefined) return undefined;
  if (isJsonObject(value)) return value;
  throw new ModelFileError("must hold a JSON object", { path: files.locate(path) });
}

const unsafeSegments = new Set(["", ".", ".."]);

/**
 * Whether a name in a model file is a path inside the model: relative, with forward slashes,
 * without "..", well-formed Unicode.
 */
export function isInnerPath(path: string): boolean {
  return (
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must be refused
    !/[\\:\u0000-\u001f\p{Surrogate}]/u.test(path) &&
    !path.split("/").some((name) => unsafeSegments.has(name))
  );
}

/**
 * Throws ModelFileError, naming the file that contains the path, unless the path stays inside the
 * model.
 */
export function innerPath(path: unknown, saidBy: string): string {
  if (typeof path === "string" && isInnerPath(path)) return path;
  throw new ModelFileError(`names ${JSON.stringify(path)}, which is not a path inside the model`, {
    path: saidBy,
  });
}

/** "" is the model's root folder. */
export function joinInner(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
