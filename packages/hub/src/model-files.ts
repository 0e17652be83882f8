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
}

/** Largest JSON file that is read, in bytes: anything above is not what its name says. */
export const jsonLimits: Readonly<Record<"config" | "shardIndex" | "tokenizer", number>> = {
  config: 4 << 20,
  shardIndex: 64 << 20,
  tokenizer: 256 << 20,
};

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
  const bytes = await files.read(path, maxBytes);
  if (!bytes) return undefined;
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw new ModelFileError(
      cause instanceof ModelFileError ? reason : `is not valid JSON: ${reason}`,
      { path: files.locate(path), cause },
    );
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
