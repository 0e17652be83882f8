import { fsPath, textOf } from "./byte-path.js";
import { whyUnreadable } from "./file-errors.js";
import { isProse, looksGenerated, maxFileBytes } from "./file-kinds.js";
import type { SkipReason } from "./left-out.js";
import { openInput } from "./open-input.js";
import { type FileBytes, readRegularFile } from "./read-regular-file.js";
import { looksLikeUtf16, markOf, type TextEncoding, utf8 } from "./text-encoding.js";
import { wrongByteText } from "./text-problems.js";
import type { FoundFile } from "./walk.js";

/** The reason why a file has no usable text, and its fault when the reason does not say enough. */
export interface Skip {
  readonly skip: SkipReason;
  readonly detail?: string;
}

/** The file's text, or the reason why it has none. Rejects only when `signal` aborts. */
export async function readText(
  file: FoundFile,
  signal: AbortSignal,
): Promise<{ readonly text: string } | Skip> {
  let read: FileBytes;
  try {
    read = await readBytes(file, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { skip: "unreadable", detail: whyUnreadable(error) };
  }
  if ("problem" in read) {
    return { skip: read.problem === "too large" ? "above 1 MiB" : read.problem };
  }
  const isCode = !file.named && !isProse(textOf(file.path));
  return isCode && looksGenerated(read.bytes) ? { skip: "generated" } : decode(read.bytes);
}

async function readBytes(file: FoundFile, signal: AbortSignal): Promise<FileBytes> {
  const path = fsPath(file.absolutePath);
  if (!file.isStream) return readRegularFile(path, { maxBytes: maxFileBytes });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of await openInput(path, signal)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxFileBytes) return { problem: "too large" };
  }
  return { bytes: Buffer.concat(chunks) };
}

function decode(bytes: Buffer): { readonly text: string } | Skip {
  const mark = markOf(bytes);
  if (mark && !mark.encoding) return { skip: "not UTF-8", detail: "it is UTF-32" };
  if (!mark && bytes.includes(0)) {
    if (!looksLikeUtf16(bytes)) return { skip: "binary" };
    return { skip: "not UTF-8", detail: "it seems to be UTF-16 without a byte order mark" };
  }
  const encoding = mark?.encoding ?? utf8;
  const body = bytes.subarray(mark?.bytes.length ?? 0);
  const text = encoding.decode(body);
  return text === undefined
    ? { skip: "not UTF-8", detail: firstProblem(body, encoding) }
    : { text };
}

/** "line 3: byte 4 is 0xe9, which is not valid UTF-8" */
function firstProblem(bytes: Buffer, encoding: TextEncoding): string {
  for (let [from, line] = [0, 1]; ; line++) {
    const end = encoding.lineEnd(bytes, from);
    const text = end < 0 ? bytes.subarray(from) : bytes.subarray(from, end);
    if (end < 0 || encoding.decode(text) === undefined) {
      const at = encoding.wrongByte(text);
      return `line ${line}: ${wrongByteText({ bytes: text, encoding, at })}`;
    }
    from = end + encoding.unitBytes;
  }
}
