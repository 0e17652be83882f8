import type { SourceText } from "../protocol.js";
import { megabytes } from "./format.js";

const mostBytes = 20e6;

export interface ReadFiles {
  readonly texts: readonly SourceText[];
  /** A line for every file that cannot be indexed, with the reason. */
  readonly refused: readonly string[];
}

/** Reads text files; what is none is named, and the others are read all the same. */
export async function readFiles(files: readonly File[]): Promise<ReadFiles> {
  const texts: SourceText[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const read = await readFile(file);
    if ("reason" in read) refused.push(`${file.name}: ${read.reason}`);
    else texts.push({ name: file.name, text: read.text });
  }
  return { texts, refused };
}

async function readFile(file: File): Promise<{ text: string } | { reason: string }> {
  if (file.size > mostBytes) {
    return {
      reason: `has ${megabytes(file.size)}, the limit is ${megabytes(mostBytes)}. Split it.`,
    };
  }
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { reason: "cannot be read. Is it a folder? Choose the files inside." };
  }
  const text = decode(bytes);
  if (text === undefined) {
    return { reason: "is not text in UTF-8. Save it as plain text first." };
  }
  return /[\p{L}\p{N}]/u.test(text) ? { text } : { reason: "is empty." };
}

/** Undefined for what is not UTF-8, or has characters that no text has. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
