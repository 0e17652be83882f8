import { InputError } from "@ripvec/core";
import { markOf, mayBecomeMark, type TextEncoding, utf8 } from "./text-encoding.js";
import { iconv, remedyFor, wrongByteText } from "./text-problems.js";

/**
 * The most bytes of a line, which is one text. Longer input hardly has one text per line, and
 * memory would grow with it.
 */
export const maxLineBytes: number = 16 * 1024 * 1024;

export interface LinesOptions {
  /** The file that the bytes come from; undefined for standard input. */
  readonly file?: string | undefined;
  readonly onBytes?: ((byteLength: number) => void) | undefined;
}

/**
 * Splits a byte stream into lines as it arrives; "\n" and "\r\n" end a line. Blank lines count, so
 * that line k is text k; an empty rest after the last line end does not. The encoding is UTF-8, or
 * that of a byte order mark at the start, which is removed. Throws InputError with file and line
 * for bytes that are invalid in that encoding, for U+0000, and for a line above `maxLineBytes`,
 * after all lines before it were yielded.
 */
export async function* lines(
  chunks: AsyncIterable<Uint8Array>,
  { file, onBytes }: LinesOptions = {},
): AsyncGenerator<string> {
  const splitter = new LineSplitter(file);
  for await (const chunk of chunks) {
    onBytes?.(chunk.length);
    yield* splitter.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk));
  }
  yield* splitter.end();
}

class LineSplitter {
  readonly #file: string | undefined;
  #encoding: TextEncoding | undefined;
  /** Bytes that were not processed yet: the possible start of a byte order mark, or half a unit. */
  #unread: Buffer = Buffer.alloc(0);
  /** The line whose end has not arrived. */
  #line: Buffer[] = [];
  #lineBytes = 0;
  #number = 1;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  *push(chunk: Buffer): Generator<string> {
    const bytes = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    if (!this.#encoding && mayBecomeMark(bytes)) {
      this.#unread = bytes;
      return;
    }
    yield* this.#read(bytes);
  }

  *end(): Generator<string> {
    if (!this.#encoding) yield* this.#read(this.#unread);
    this.#extend(this.#unread);
    if (this.#lineBytes > 0) yield this.#take();
  }

  *#read(bytes: Buffer): Generator<string> {
    let from = this.#encoding ? 0 : this.#skipMark(bytes);
    const encoding = this.#encoding ?? utf8;
    const { unitBytes } = encoding;
    const whole = bytes.length - ((bytes.length - from) % unitBytes);
    this.#unread = Buffer.from(bytes.subarray(whole));
    for (;;) {
      const end = encoding.lineEnd(bytes, from);
      this.#extend(bytes.subarray(from, end < 0 ? whole : end));
      if (end < 0) return;
      yield this.#take();
      from = end + unitBytes;
    }
  }

  #skipMark(bytes: Buffer): number {
    const mark = markOf(bytes);
    if (mark && !mark.encoding) {
      throw new InputError(
        `${this.#name} is UTF-32, as its byte order mark says, which is not supported; convert it: ${iconv("UTF-32", this.#file)}`,
      );
    }
    this.#encoding = mark?.encoding ?? utf8;
    return mark?.bytes.length ?? 0;
  }

  #extend(bytes: Buffer): void {
    this.#line.push(bytes);
    this.#lineBytes += bytes.length;
    if (this.#lineBytes <= maxLineBytes) return;
    throw new InputError(
      `${this.#place} is longer than ${maxLineBytes / 2 ** 20} MiB, the limit of one text; the input is read as one text per line`,
    );
  }

  #take(): string {
    const bytes = Buffer.concat(this.#line);
    this.#line = [];
    this.#lineBytes = 0;
    const encoding = this.#encoding ?? utf8;
    const text = encoding.decode(bytes);
    if (text === undefined) {
      const line = { bytes, number: this.#number, encoding, at: encoding.wrongByte(bytes) };
      throw new InputError(
        `${this.#place}: ${wrongByteText(line)}; ${remedyFor(line, this.#file)}`,
      );
    }
    this.#number++;
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }

  get #name(): string {
    return this.#file ?? "standard input";
  }

  get #place(): string {
    return `${this.#name}, line ${this.#number}`;
  }
}
