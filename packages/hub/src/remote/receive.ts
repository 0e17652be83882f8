import { DownloadError } from "../download-error.js";
import type { HubClient } from "./hub-client.js";
import type { RemoteFile } from "./listing.js";
import { reasonOf } from "./request.js";

/** Broken connections in a row, none of which brought a byte, before the download is given up. */
const maxFruitlessAttempts = 5;
const retryDelayMs = 300;

/** Which file, from whom. */
export interface Download {
  readonly client: HubClient;
  readonly commit: string;
  readonly file: RemoteFile;
  readonly onBytes: (loaded: number) => void;
}

/** Where the bytes go. */
export interface Sink {
  /** Bytes of the file that are there. */
  at: number;
  /** Puts the chunk at byte `at`. The chunk may be kept only until it resolves. */
  write(chunk: Uint8Array, at: number): void | Promise<void>;
}

/**
 * Requests the rest of a file until it is complete; each broken connection continues where it broke.
 * `resumable` ends the message when it is given up.
 */
export async function receive(download: Download, sink: Sink, resumable = ""): Promise<void> {
  const { client, commit, file } = download;
  let fruitless = 0;
  while (sink.at < file.byteLength) {
    const before = sink.at;
    const response = await client.fetchFile(commit, file.path, before);
    try {
      await receiveBody(download, sink, response);
      if (sink.at === file.byteLength) return;
    } catch (cause) {
      client.signal?.throwIfAborted();
      if (cause instanceof DownloadError || !isConnectionError(cause)) throw cause;
      if (sink.at === before && fruitless + 1 >= maxFruitlessAttempts) {
        throw broken(download, sink, `${reasonOf(cause)}${resumable}`, cause);
      }
    }
    fruitless = sink.at > before ? 0 : fruitless + 1;
    if (fruitless >= maxFruitlessAttempts) {
      throw broken(download, sink, `it ends too early${resumable}`);
    }
    await client.pause(retryDelayMs);
  }
}

async function receiveBody(
  { file, client, onBytes }: Download,
  sink: Sink,
  response: Response,
): Promise<void> {
  // A server that ignores the range sends all from the start: what is there already is skipped.
  let skip = skipOf(response, sink.at);
  for await (const received of chunksOf(response)) {
    const chunk = received.subarray(Math.min(skip, received.byteLength));
    skip -= received.byteLength - chunk.byteLength;
    if (sink.at + chunk.byteLength > file.byteLength) {
      throw new DownloadError(
        "integrity",
        `the server sends more than the ${file.byteLength} bytes that the hub announced`,
        { model: client.model, file: file.path },
      );
    }
    if (chunk.byteLength === 0) continue;
    await sink.write(chunk, sink.at);
    sink.at += chunk.byteLength;
    onBytes(sink.at);
  }
}

/** The body piece by piece; leaving early ends the request. Not all browsers iterate streams. */
export async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // After a failure the stream rejects this too; the failure itself is on its way.
    await reader.cancel().catch(() => undefined);
  }
}

function skipOf(response: Response, from: number): number {
  if (response.status !== 206) return from;
  const start = /^bytes (\d+)-/.exec(response.headers.get("Content-Range") ?? "")?.[1];
  return start === undefined ? 0 : from - Number(start);
}

/** fetch reports a broken body as a TypeError; errors of the file system name their system call. */
function isConnectionError(error: unknown): boolean {
  return error instanceof Error && !("syscall" in error);
}

function broken(
  { client, file }: Download,
  { at }: Sink,
  reason: string,
  cause?: unknown,
): DownloadError {
  return new DownloadError(
    "network",
    `the download stopped at ${at} of ${file.byteLength} bytes: ${reason}`,
    { model: client.model, file: file.path, ...(cause !== undefined && { cause }) },
  );
}

/** Passes on what is more than was reported, so that a download that starts over does not run backwards. */
export function growing(report: (loaded: number) => void): (loaded: number) => void {
  let reported = -1;
  return (loaded) => {
    if (loaded <= reported) return;
    reported = loaded;
    report(loaded);
  };
}
