import { type ByteSource, type JsonObject, ModelFileError } from "@ripvec/core";

/** The files of one model, wherever they lie: a directory, a download cache, a web server. */
export interface ModelFiles {
  /** Directory or id, for messages. */
  readonly id: string;
  /** Where the file lies, for messages. */
  locate(path: string): string;
  exists(path: string): Promise<boolean>;
  /** The whole file, or undefined when the model has none. Throws ModelFileError beyond `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** A file to be read in parts, or undefined when the model has none. */
  open(path: string): Promise<ByteSource | undefined>;
  /** Paths of what there is, the first of very many; undefined where nobody can say, as on a web server. */
  list(): Promise<readonly string[] | undefined>;
}

/** Largest JSON file that is read, in bytes: anything above is not what its name says. */
export const jsonLimits: Readonly<Record<"config" | "shardIndex" | "tokenizer", number>> = {
  config: 4 << 20,
  shardIndex: 64 << 20,
  tokenizer: 256 << 20,
};

/** What a clone without Git LFS holds in place of large files: how it begins, and what to say of it. */
export const pointer = {
  start: "version https://git-lfs.github.com/spec/",
  message: "is a pointer of Git LFS, not the file: run git lfs pull where it was cloned",
} as const;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses a JSON file, with `parse` where more than JSON.parse is to be done. Undefined when it is absent;
 * ModelFileError names it when it is not JSON.
 */
export async function readJson(
  files: ModelFiles,
  path: string,
  maxBytes: number = jsonLimits.config,
  parse: (text: string) => unknown = JSON.parse,
): Promise<unknown> {
  const text = await readText(files, path, maxBytes);
  if (text === undefined) return undefined;
  try {
    return parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : "") + hintOf(text);
    throw new ModelFileError(
      cause instanceof ModelFileError ? reason : `is not valid JSON: ${reason}`,
      { path: files.locate(path), cause },
    );
  }
}

/** What Python's json writes for numbers that JSON does not have. */
function hintOf(text: string): string {
  const found = /[[:,]\s*(-?(?:NaN|Infinity))\b/.exec(text);
  if (!found) return "";
  return `. It holds ${found[1]}, which Python writes and JSON does not have: write a number or null in its place`;
}

/**
 * A text file in UTF-8, a byte order mark included. Undefined when it is absent; ModelFileError names it
 * when it is empty, not UTF-8, or a pointer of Git LFS in place of the file.
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
  if (bytes.byteLength === 0) throw refuse("is empty");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refuse("is not text in UTF-8", cause);
  }
  if (text.startsWith(pointer.start)) throw refuse(pointer.message);
  return text;
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

/** Whether a name written in a model file stays inside the model: relative, forward slashes, no "..". */
export function isInnerPath(path: string): boolean {
  return (
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    !/[\\:\u0000-\u001f]/.test(path) && !path.split("/").some((name) => unsafeSegments.has(name))
  );
}

/** Throws ModelFileError, naming the file that said so, unless the path stays inside the model. */
export function innerPath(path: unknown, saidBy: string): string {
  if (typeof path === "string" && isInnerPath(path)) return path;
  throw new ModelFileError(`names ${JSON.stringify(path)}, which is not a path inside the model`, {
    path: saidBy,
  });
}

/** "" is the model's own folder. */
export function joinInner(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
