/** Waits before the second, third … attempt at a request, in ms. */
const retryDelaysMs = [200, 800];

/** `cache`: whether the HTTP cache of a browser keeps the answer; Node has none. */
export type RequestSettings = RequestInit & { cache?: "default" | "no-store" };

/** How answers and failures of one request are taken. */
export interface RequestRules {
  /** Other statuses than 2xx that are answers, not failures. */
  readonly answers?: readonly number[];
  /** The error for a status that is no answer. */
  readonly refusal: (response: Response) => Error;
  /** The error when no answer came. */
  readonly unreachable: (cause: unknown) => Error;
}

/**
 * fetch that asks again when the network or the server (429, 5xx) fails for a moment. Rejects with what
 * the rules make of the failure, or with the signal's reason when aborted.
 */
export async function request(
  url: string,
  init: RequestSettings,
  { answers = [], refusal, unreachable }: RequestRules,
): Promise<Response> {
  const signal = init.signal ?? undefined;
  for (let attempt = 0; ; attempt += 1) {
    const delayMs = retryDelaysMs[attempt];
    const outcome = await attemptOnce(url, init);
    if (!(outcome instanceof Response)) {
      signal?.throwIfAborted();
      if (delayMs === undefined) throw unreachable(outcome.cause);
    } else if (outcome.ok || answers.includes(outcome.status)) {
      return outcome;
    } else {
      await outcome.body?.cancel();
      const mayPass = outcome.status === 429 || outcome.status >= 500;
      if (!mayPass || delayMs === undefined) throw refusal(outcome);
    }
    await pause(delayMs ?? 0, signal);
  }
}

async function attemptOnce(
  url: string,
  init: RequestInit,
): Promise<Response | { readonly cause: unknown }> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    return { cause };
  }
}

/** Waits. Rejects with the signal's reason as soon as it is aborted. */
export async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((done) => {
    const stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      done();
    };
    const timer = setTimeout(stop, delayMs);
    signal?.addEventListener("abort", stop);
  });
  signal?.throwIfAborted();
}

/** fetch says "fetch failed" and hides why in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as (Error & { code?: string }) | undefined;
  return cause?.code ?? (cause?.message || error.message);
}
