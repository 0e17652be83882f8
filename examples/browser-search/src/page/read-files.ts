import type { SourceText } from "../protocol.js";
import { megabytes } from "./format.js";

const maxBytes = 20e6;

export interface ReadFiles {
  readonly texts: readonly SourceText[];
  /** One line for every file that cannot be indexed, with the reason. */
  readonly refused: readonly string[];
}

/** Reads text files. Other files are listed with the reason, and do not stop the reading. */
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
  if (file.size > maxBytes) {
    return {
      reason: `has ${megabytes(file.size)}, the limit is ${megabytes(maxBytes)}. Split it.`,
    };
  }
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    return { reason: "cannot be read. If it is a folder, choose the files inside." };
  }
  const text = decode(bytes);
  if (text === undefined) {
    return { reason: "is not UTF-8 text. Save it as plain text first." };
  }
  return /[\p{L}\p{N}]/u.test(text) ? { text } : { reason: "is empty." };
}

/** Undefined for bytes that are not UTF-8, or that contain characters that text does not have. */
function decode(bytes: ArrayBuffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
