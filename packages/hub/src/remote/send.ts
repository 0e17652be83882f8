import { RedirectedError, RefusedRedirectError } from "./redirected.js";
import { mayPass, PassingFailure, requestedWaitMs } from "./retry.js";
import {
  BrokenBodyError,
  type Fetch,
  type Limits,
  type RequestSettings,
  timedFetch,
} from "./timed-fetch.js";

/** How the answer to one request is read, and how a failure is reported after several attempts. */
export interface RequestRules extends Limits {
  readonly fetch: Fetch;
  /** Statuses outside of 2xx that are answers and not failures. */
  readonly answers?: readonly number[];
  /** The error for a status that is not an answer. */
  readonly refusal: (response: Response, tries: number) => Error;
  /** The error when no answer came. */
  readonly unreachable: (cause: unknown, tries: number) => Error;
}

/**
 * Sends one request. Rejects with a PassingFailure when no answer came or when another attempt may
 * get another status, with the rules' refusal for other statuses, or with the signal's reason when
 * aborted.
 */
export async function send(
  url: string,
  init: RequestSettings,
  rules: RequestRules,
): Promise<Response> {
  let response: Response;
  try {
    response = await timedFetch(rules.fetch, url, init, rules);
  } catch (cause) {
    rules.signal?.throwIfAborted();
    if ((cause as Error).cause instanceof RefusedRedirectError) throw rules.unreachable(cause, 1);
    throw new PassingFailure((tries) => rules.unreachable(cause, tries));
  }
  if (response.ok || rules.answers?.includes(response.status)) return response;
  await discard(response);
  if (!mayPass(response.status)) throw rules.refusal(response, 1);
  throw new PassingFailure((tries) => rules.refusal(response, tries), requestedWaitMs(response));
}

/** Cancels a body that is not needed. */
export async function discard({ body }: Response): Promise<void> {
  await body?.cancel().catch(() => undefined);
}

/**
 * Error codes of the operating system, of DNS and of TLS are more specific than the messages that
 * come with them.
 */
const specificCode = /^(?:E(?!RR_)[A-Z0-9_]+|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS)/;

const hints: readonly [RegExp, string][] = [
  [
    /^(?:UNABLE_|SELF_SIGNED|DEPTH_ZERO)/,
    ". If a proxy or a company uses its own certificate authority, set NODE_EXTRA_CA_CERTS to the file that holds its certificate",
  ],
];

/**
 * The reason why a request failed. fetch says only "fetch failed", and hides the reason in one or
 * several causes.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const { code } = error as { code?: unknown };
  if (typeof code === "string" && specificCode.test(code)) {
    return `${code}${hints.find(([pattern]) => pattern.test(code))?.[1] ?? ""}`;
  }
  const hides = [TypeError, DOMException, BrokenBodyError, RedirectedError].some(
    (type) => error instanceof type,
  );
  return hides && error.cause instanceof Error
    ? reasonOf(error.cause)
    : error.message || error.name;
}
