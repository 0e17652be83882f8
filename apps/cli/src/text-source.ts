import { fstatSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { InputError } from "@ripvec/core";
import { isAbsent, whyUnreadable } from "./file-errors.js";
import type { InputStream } from "./io.js";
import { lines } from "./lines.js";
import { openInput } from "./open-input.js";

/** Texts to embed, and the progress of their embedding. */
export interface TextSource {
  /** The source of the texts, for messages. */
  readonly name: string;
  readonly texts: Iterable<string> | AsyncIterable<string>;
  /**
   * The location of the text with this index, for messages; undefined for an argument, which its
   * index identifies.
   */
  place(index: number): string | undefined;
  /** 0 … 1 when `done` texts are embedded; undefined when the total is unknown. */
  doneFraction(done: number): number | undefined;
}

export function textsOf(list: readonly string[]): TextSource {
  return {
    name: "the command line",
    texts: list,
    place: () => undefined,
    doneFraction: (done) => done / list.length,
  };
}

export interface FileRequest {
  /** The path as the user gave it. */
  readonly name: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

/**
 * One text per line. Throws InputError when the file does not exist or cannot be read. It is opened
 * when the first text is requested.
 */
export async function linesOfFile({ name, path, signal }: FileRequest): Promise<TextSource> {
  const size = await readableSize(name, path);
  let bytesRead = 0;
  const onBytes = (byteLength: number): void => {
    bytesRead += byteLength;
  };
  const counter = new ReadCounter();
  async function* read(): AsyncGenerator<string> {
    const stream = await openInput(path, signal).catch((cause) => {
      throw unreadable(name, cause);
    });
    yield* counter.count(lines(readable(stream, name), { file: name, onBytes }));
  }
  return {
    name,
    texts: read(),
    place: (index) => `${name}, line ${index + 1}`,
    doneFraction: (done) =>
      size === undefined ? undefined : counter.part(done) * Math.min(bytesRead / size, 1),
  };
}

/** Undefined for pipes and devices, whose size is unknown, and for an empty file. */
async function readableSize(name: string, path: string): Promise<number | undefined> {
  const found = await stat(path).catch((cause) => {
    throw isAbsent(cause)
      ? new InputError(`no such file: ${name}`, { cause })
      : unreadable(name, cause);
  });
  if (found.isDirectory() || found.isSocket()) {
    const kind = found.isSocket() ? "socket" : "directory";
    throw new InputError(`${name} is a ${kind}; --file takes a file with one text per line`);
  }
  if (!found.isFile()) return undefined;
  const file = await open(path).catch((cause) => {
    throw unreadable(name, cause);
  });
  await file.close();
  return found.size > 0 ? found.size : undefined;
}

/** Yields the bytes, and converts the system's errors to InputError. */
async function* readable(stream: Readable, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function unreadable(name: string, cause: unknown): InputError {
  return new InputError(`${name} cannot be read: ${whyUnreadable(cause)}`, { cause });
}

/**
 * One text per line. Throws InputError for a directory and a block device, because Node's streams
 * of these are empty.
 */
export function linesOfStream(stream: InputStream): TextSource {
  const found = stream.fd === undefined ? undefined : fstatSync(stream.fd);
  if (found?.isDirectory() || found?.isBlockDevice()) {
    const kind = found.isDirectory() ? "directory" : "block device";
    throw new InputError(`standard input is a ${kind}; embed reads one text per line`);
  }
  const name = "standard input";
  return {
    name,
    texts: lines(readable(stream, name)),
    place: (index) => `${name}, line ${index + 1}`,
    doneFraction: () => undefined,
  };
}

/** Counts the bytes that pass, to compute the progress. */
class ReadCounter {
  #reads = 0;

  async *count<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const item of items) {
      this.#reads++;
      yield item;
    }
  }

  part(done: number): number {
    return this.#reads === 0 ? 0 : done / this.#reads;
  }
}

/**
 * Texts that end when their source fails, so that all texts before the failure are embedded before
 * the error is reported. The number of rows then depends on the input alone.
 */
export class HeldFailure {
  #failure: { error: unknown } | undefined;

  async *texts(source: TextSource["texts"]): AsyncGenerator<string> {
    try {
      yield* source;
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** Throws the error that ended the texts, if any. */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
