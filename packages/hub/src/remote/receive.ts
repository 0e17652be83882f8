import type { DownloadError } from "../download-error.js";
import { describeBody, isHtml } from "./answer.js";
import type { HubClient } from "./hub-client.js";
import type { RemoteFile } from "./listing.js";
import { redirectOf } from "./redirected.js";
import { PassingFailure, retrying, saidTries } from "./retry.js";
import { discard, reasonOf } from "./send.js";
import { BrokenBodyError, chunksOf } from "./timed-fetch.js";

/** A try that brings so much, in bytes, counts as a success: tries are counted from there anew. */
const advanceBytes = 1 << 20;

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
 * Requests the rest of a file until it is complete; each broken connection continues where it broke, or from
 * the start with a server that gives no ranges. `resumable` ends the message when it is given up. Resolves with
 * the number of answers the file was put together of.
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
        // The whole file is asked for from now on, and what is there already is skipped.
        hasRanges = false;
        return;
      }
      answers += 1;
      const broken = await receiveBody(download, sink, response, start);
      if (sink.at === file.byteLength) return;
      const reason = broken === undefined ? "it ends too early" : reasonOf(broken);
      throw new PassingFailure(
        (tries) => stopped(download, sink, `${reason}${saidTries(tries)}${resumable}`, broken),
        0,
        sink.at - before >= advanceBytes,
      );
    });
  }
  return answers;
}

/** Writes what arrives. Resolves with what broke the connection, if something did. */
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
  return client.failure("integrity", "the server sends a part of it that was not asked for", {
    file: file.path,
  });
}

/** The byte that the body begins with. Undefined when it is not one that is of use: then nothing may be taken. */
function startOf(response: Response, at: number): number | undefined {
  if (response.status === 416) return undefined;
  if (response.status !== 206) return 0;
  // A part of something compressed is no part of the file.
  if (isEncoded(response)) return undefined;
  const range = response.headers.get("Content-Range");
  // Servers of other origins may hide it from a page; the digest shows whether it was the one asked for.
  if (range === null) return at;
  const start = Number(/^bytes (\d{1,15})-/.exec(range)?.[1] ?? Number.POSITIVE_INFINITY);
  return start <= at ? start : undefined;
}

/** Refuses an answer that shows itself to be another file, before a byte of it is kept. */
function expectFile(
  { client, commit, file }: Download,
  response: Response,
  first: Uint8Array,
): void {
  const { status } = response;
  // No file that a model needs begins as a page does.
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

/** How long the server says that the whole file is. */
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

/** Passes on what is more than was reported, so that a download that starts over does not run backwards. */
export function growing(report: (loaded: number) => void): (loaded: number) => void {
  let reported = -1;
  return (loaded) => {
    if (loaded <= reported) return;
    reported = loaded;
    report(loaded);
  };
}
