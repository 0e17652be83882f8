import { readFile } from "node:fs/promises";
import { ModelFileError } from "@ripvec/core";
import { whyUnreadable } from "./file-errors.js";

/** A text and the vector that its model must give. */
export interface Golden {
  readonly text: string;
  readonly embedding: readonly number[];
}

/**
 * Reads a file of golden texts: a JSON list of at least one. Throws ModelFileError that names the
 * file.
 */
export async function readGolden(path: string): Promise<Golden[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new ModelFileError(`cannot be read: ${whyUnreadable(cause)}`, { path, cause });
  });
  const golden = parsed(text, path);
  if (Array.isArray(golden) && golden.length > 0 && golden.every(isGolden)) return golden;
  throw new ModelFileError("must be a list of at least one text with its embedding", { path });
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? `: ${cause.message}` : "";
    throw new ModelFileError(`is not valid JSON${reason}`, { path, cause });
  }
}

function isGolden(value: unknown): value is Golden {
  if (typeof value !== "object" || value === null) return false;
  const { text, embedding } = value as Partial<Record<keyof Golden, unknown>>;
  return (
    typeof text === "string" &&
    Array.isArray(embedding) &&
    embedding.length > 0 &&
    embedding.every(Number.isFinite)
  );
}
