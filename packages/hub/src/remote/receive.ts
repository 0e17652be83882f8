import type { DownloadError } from "../download-error.js";
import { describeBody, isHtml } from "./answer.js";
import type { HubClient } from "./hub-client.js";
import type { RemoteFile } from "./listing.js";
import { redirectOf } from "./redirected.js";
import { PassingFailure, retrying, triesNote } from "./retry.js";
import { discard, reasonOf } from "./send.js";
import { BrokenBodyError, chunksOf } from "./timed-fetch.js";

/**
 * An attempt that brings this many bytes counts as a success: the count of attempts starts again.
 */
const advanceBytes = 1 << 20;

/** A file and the server that sends it. */
export interface Download {
  readonly client: HubClient;
  readonly commit: string;
  readonly file: RemoteFile;
  readonly onBytes: (loaded: number) => void;
}

/** The destination of the bytes. */
export interface Sink {
  /** Number of bytes that are stored already. */
  at: number;
  /** Stores a chunk at position `at`. The chunk may be used only until the promise resolves. */
  write(chunk: Uint8Array, at: number): void | Promise<void>;
}

/**
 * Requests the rest of a file until it is complete. After a broken connection, the download
 * continues where it stopped, or from the start when the server does not support ranges.
 * `resumable` ends the message when the download fails. Resolves with the number of answers that
 * the bytes come from.
 */
export async function receive(download: Download, sink: Sink, resumable = ""): Promise<number> {
  const { client, commit, file } = download;
  let answers = 0;
  let hasRanges = true;
  while (sink.at < file.byteLength) {
    await retrying(client.signal, async () => {
      const before = sink.at;
      const response = await client.fetchFile(commit, file.path, hasRanges ? before : 0);
      const start = startOf(response, before);
      if (start === undefined) {
        await discard(response);
        if (!hasRanges || before === 0) throw unasked(download);
        // From now on the whole file is requested, and the bytes that are stored already are
        // skipped.
        hasRanges = false;
        return;
      }
      answers += 1;
      const broken = await receiveBody(download, sink, response, start);
      if (sink.at === file.byteLength) return;
      const reason = broken === undefined ? "it ends too early" : reasonOf(broken);
      throw new PassingFailure(
        (tries) => stopped(download, sink, `${reason}${triesNote(tries)}${resumable}`, broken),
        0,
        sink.at - before >= advanceBytes,
      );
    });
  }
  return answers;
}

/** Stores what arrives. Resolves with the reason when the connection breaks. */
async function receiveBody(
  download: Download,
  sink: Sink,
  response: Response,
  start: number,
): Promise<BrokenBodyError | undefined> {
  const { client, file, onBytes } = download;
  const limits = { signal: client.signal, timeoutMs: client.settings.timeouts.downloadMs };
  let skip = sink.at - start;
  let isFirst = true;
  try {
    for await (const received of chunksOf(response, limits)) {
      if (isFirst) expectFile(download, response, received);
      isFirst = false;
      const chunk = received.subarray(Math.min(skip, received.byteLength));
      skip -= received.byteLength - chunk.byteLength;
      if (sink.at + chunk.byteLength > file.byteLength) throw tooLong(download);
      if (chunk.byteLength === 0) continue;
      await sink.write(chunk, sink.at);
      sink.at += chunk.byteLength;
      onBytes(sink.at);
    }
    return undefined;
  } catch (error) {
    if (error instanceof BrokenBodyError) return error;
    throw error;
  }
}

function tooLong({ client, file }: Download): DownloadError {
  return client.failure(
    "integrity",
    `the server sends more than the ${file.byteLength} bytes that the hub lists`,
    { file: file.path },
  );
}

function unasked({ client, file }: Download): DownloadError {
  return client.failure("integrity", "the server sends a part of the file that was not requested", {
    file: file.path,
  });
}

/**
 * The position of the body's first byte. Undefined when the body cannot be used; it must not be
 * stored then.
 */
function startOf(response: Response, at: number): number | undefined {
  if (response.status === 416) return undefined;
  if (response.status !== 206) return 0;
  // A part of a compressed body is not a part of the file.
  if (isEncoded(response)) return undefined;
  const range = response.headers.get("Content-Range");
  // Servers of other origins may hide the header from a page. The digest shows later whether it was
  // the requested part.
  if (range === null) return at;
  const start = Number(/^bytes (\d{1,15})-/.exec(range)?.[1] ?? Number.POSITIVE_INFINITY);
  return start <= at ? start : undefined;
}

/** Refuses an answer that is recognisably another file, before a byte of it is stored. */
function expectFile(
  { client, commit, file }: Download,
  response: Response,
  first: Uint8Array,
): void {
  const { status } = response;
  // No file of a model begins as a web page does.
  if (isHtml(first)) {
    const asked = client.fileUrl(commit, file.path);
    const message = `the answer${redirectOf(response, asked)} is ${describeBody(first)}`;
    throw client.failure("network", message, { file: file.path, status });
  }
  const announced = client.seesHeaders(response) ? announcedBytes(response) : undefined;
  if (announced === undefined || announced === file.byteLength) return;
  throw client.failure(
    "integrity",
    `the server announces ${announced} bytes, the hub lists ${file.byteLength}`,
    { file: file.path, status },
  );
}

/** The length of the whole file according to the server. */
function announcedBytes(response: Response): number | undefined {
  if (isEncoded(response)) return undefined;
  const { status, headers } = response;
  const said = status === 206 ? headers.get("Content-Range") : headers.get("Content-Length");
  const digits = /^(?:bytes \d+-\d+\/)?(\d{1,15})$/.exec(said ?? "")?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function isEncoded({ headers }: Response): boolean {
  return !/^(?:identity)?$/i.test(headers.get("Content-Encoding")?.trim() ?? "");
}

function stopped(
  { client, file }: Download,
  { at }: Sink,
  reason: string,
  cause: unknown,
): DownloadError {
  return client.failure(
    "network",
    `the download stopped at ${at} of ${file.byteLength} bytes: ${reason}`,
    { file: file.path, ...(cause !== undefined && { cause }) },
  );
}

/**
 * Reports only progress beyond what was reported before, so that a download that restarts does not
 * run backwards.
 */
export function growing(report: (loaded: number) => void): (loaded: number) => void {
  let reported = -1;
  return (loaded) => {
    if (loaded <= reported) return;
    reported = loaded;
    report(loaded);
  };
}
