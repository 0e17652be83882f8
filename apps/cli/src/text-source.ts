import { fstatSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { InputError } from "@ripvec/core";
import { isAbsent, whyUnreadable } from "./file-errors.js";
import type { InputStream } from "./io.js";
import { lines } from "./lines.js";
import { openInput } from "./open-input.js";

/** Texts to embed, and how far their embedding has come. */
export interface TextSource {
  /** Where they come from, for messages. */
  readonly name: string;
  readonly texts: Iterable<string> | AsyncIterable<string>;
  /** Where the text of an index came from, for messages; undefined for an argument, which its index names. */
  place(index: number): string | undefined;
  /** 0 … 1 when `done` texts are embedded; undefined when the end is unknown. */
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
  /** As the user gave it. */
  readonly name: string;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** One text a line. Throws InputError when there is no such file, or it cannot be read; it is opened when the first text is pulled. */
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

/** Undefined for pipes and devices, whose size nobody knows, and for an empty file. */
async function readableSize(name: string, path: string): Promise<number | undefined> {
  const found = await stat(path).catch((cause) => {
    throw isAbsent(cause)
      ? new InputError(`no such file: ${name}`, { cause })
      : unreadable(name, cause);
  });
  if (found.isDirectory() || found.isSocket()) {
    const kind = found.isSocket() ? "socket" : "directory";
    throw new InputError(`${name} is a ${kind}; --file takes a file with one text a line`);
  }
  if (!found.isFile()) return undefined;
  const file = await open(path).catch((cause) => {
    throw unreadable(name, cause);
  });
  await file.close();
  return found.size > 0 ? found.size : undefined;
}

/** The bytes as they come, and the system's errors as ours. */
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

/** One text a line. Throws InputError for a directory and a block device: the streams that Node makes of them are empty. */
export function linesOfStream(stream: InputStream): TextSource {
  const found = stream.fd === undefined ? undefined : fstatSync(stream.fd);
  if (found?.isDirectory() || found?.isBlockDevice()) {
    const kind = found.isDirectory() ? "directory" : "block device";
    throw new InputError(`standard input is a ${kind}; embed reads one text a line`);
  }
  const name = "standard input";
  return {
    name,
    texts: lines(readable(stream, name)),
    place: (index) => `${name}, line ${index + 1}`,
    doneFraction: () => undefined,
  };
}

/** Counts what passes by, to tell how much of what was read is done. */
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
 * Texts that end where their source fails, so that the texts before are embedded before the error is told: how many
 * rows come out then depends on the input alone.
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

  /** Throws what ended the texts, if anything did. */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
