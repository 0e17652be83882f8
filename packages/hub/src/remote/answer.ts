import type { DownloadFailure } from "../download-error.js";
import { redirectOf } from "./redirected.js";
import { type BodyLimits, chunksOf } from "./timed-fetch.js";

/** Largest answer about a model, in bytes. A page of a listing has about 300 kB. */
export const maxAnswerBytes: number = 8 << 20;

/** An answer with unexpected contents. The message says what the answer is, and follows a colon. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
  readonly failure: DownloadFailure;

  constructor(message: string, facts: { failure?: DownloadFailure; cause?: unknown } = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.failure = facts.failure ?? "network";
  }
}

/**
 * The answer of a URL as JSON. Throws UnexpectedAnswerError, BrokenBodyError, or the signal's
 * reason.
 */
export async function readAnswer(
  response: Response,
  asked: string,
  limits: BodyLimits,
): Promise<unknown> {
  const bytes = await readBounded(response, asked, limits);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UnexpectedAnswerError(`the answer${redirectOf(response, asked)} is not UTF-8 text`, {
      cause,
    });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UnexpectedAnswerError(
      `the answer${redirectOf(response, asked)} is ${describeBody(bytes)}`,
      {
        cause,
      },
    );
  }
}

async function readBounded(
  response: Response,
  asked: string,
  limits: BodyLimits,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  for await (const chunk of chunksOf(response, limits)) {
    byteLength += chunk.byteLength;
    if (byteLength > maxAnswerBytes) {
      throw new UnexpectedAnswerError(
        `the answer${redirectOf(response, asked)} has more than ${maxAnswerBytes} bytes`,
      );
    }
    chunks.push(chunk);
  }
  const whole = new Uint8Array(byteLength);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

/**
 * The beginning of a web page. Neither JSON nor safetensors can begin so: in safetensors these
 * bytes would be a header length beyond the limit.
 */
export function isHtml(bytes: Uint8Array): boolean {
  return /^\s*(<!--|<!doctype\s+html|<html|<head|<\?xml)/i.test(startOf(bytes));
}

/** Describes a body with unexpected contents: "an HTML page titled …". */
export function describeBody(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return "empty";
  const start = startOf(bytes);
  if (!isHtml(bytes)) return `not JSON; it begins with ${JSON.stringify(start.slice(0, 40))}`;
  const title = /<title[^<>]*>([^<]{1,200})/i.exec(start)?.[1]?.replace(/\s+/g, " ").trim();
  return `an HTML page${title ? ` titled ${JSON.stringify(title)}` : ""}, perhaps from a proxy or a login page`;
}

/** Describes a JSON value of an unexpected type. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 100));
  return typeof value === "object" ? "an object" : String(value);
}

function startOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 2048));
}
