import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clock } from "../src/remote/clock.js";
import { PassingFailure, requestedWaitMs, retrying, retryRules } from "../src/remote/retry.js";
import { BrokenBodyError, chunksOf, timedFetch } from "../src/remote/timed-fetch.js";

const failing = (waitMs = 0, advanced = false) =>
  new PassingFailure((tries) => new Error(`gave up after ${tries}`), waitMs, advanced);

describe("retries", () => {
  let delays: number[];
  beforeEach(() => {
    delays = [];
    vi.spyOn(clock, "pause").mockImplementation(async (delayMs) => void delays.push(delayMs));
  });
  afterEach(() => vi.restoreAllMocks());

  test.each([
    [0, [150, 450, 1350]],
    [1, [300, 900, 2700]],
  ])("wait longer each time, with a random number of %d", async (chance, expected) => {
    vi.spyOn(clock, "random").mockReturnValue(chance);
    const attempt = () => Promise.reject(failing());
    await expect(retrying(undefined, attempt)).rejects.toThrow("gave up after 4");
    expect(delays.map(Math.round)).toEqual(expected);
  });

  test("stop at another error, and with success", async () => {
    await expect(retrying(undefined, () => Promise.reject(new Error("other")))).rejects.toThrow(
      "other",
    );
    let tries = 0;
    const attempt = async () => {
      tries += 1;
      if (tries < 4) throw failing();
      return "done";
    };
    expect(await retrying(undefined, attempt)).toBe("done");
    expect(delays.length).toBe(3);
  });

  test("restart the count after an attempt that brought much", async () => {
    let tries = 0;
    const attempt = async () => {
      tries += 1;
      throw failing(0, tries <= 10);
    };
    await expect(retrying(undefined, attempt)).rejects.toThrow("gave up after 4");
    expect(tries).toBe(13);
  });

  test("wait as the server asks, at most five minutes in total", async () => {
    vi.spyOn(clock, "random").mockReturnValue(1);
    await expect(retrying(undefined, () => Promise.reject(failing(140_000)))).rejects.toThrow(
      "after 3",
    );
    expect(delays).toEqual([140_300, 140_900]);
    delays.length = 0;
    await expect(retrying(undefined, () => Promise.reject(failing(301_000)))).rejects.toThrow(
      "after 1",
    );
    expect(delays).toEqual([]);
    expect(retryRules.maxWaitMs).toBe(300_000);
  });
});

test("a pause ends at once with an abort, and leaves no timer and no listener", async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const waiting = retrying(controller.signal, () => Promise.reject(failing(60_000)));
  const outcome = expect(waiting).rejects.toThrow("enough");
  await vi.advanceTimersByTimeAsync(1000);
  expect(vi.getTimerCount()).toBe(1);
  controller.abort(new Error("enough"));
  await outcome;
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  vi.useRealTimers();
});

describe("how long an answer asks to wait", () => {
  const now = Date.parse("2026-11-30T10:00:00Z");
  beforeEach(() => void vi.spyOn(clock, "date").mockReturnValue(now));
  afterEach(() => vi.restoreAllMocks());

  test.each<[number, Record<string, string>, number]>([
    [429, { "Retry-After": "7" }, 7000],
    [503, { "Retry-After": " 120 " }, 120_000],
    [503, { "Retry-After": "Mon, 30 Nov 2026 10:01:30 GMT" }, 90_000],
    [503, { "Retry-After": "Mon, 30 Nov 2026 09:00:00 GMT" }, 0],
    [503, { "Retry-After": "-5" }, 0],
    [503, { "Retry-After": "soon" }, 0],
    [429, { "Retry-After": "9".repeat(400) }, Number.POSITIVE_INFINITY],
    [429, { RateLimit: '"resolvers";r=0;t=55' }, 55_000],
    [429, { RateLimit: '"api";r=0;t=55', "Retry-After": "3" }, 3000],
    [503, { RateLimit: '"api";r=0;t=55' }, 0],
    [429, {}, 0],
  ])("%d %j", (status, headers, expected) => {
    expect(requestedWaitMs(new Response(null, { status, headers }))).toBe(expected);
  });
});

describe("time-outs", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());
  const limits = (more: object = {}) => ({ signal: undefined, timeoutMs: 10_000, ...more });

  /** A body that brings this many bytes each second, for `seconds` seconds or endlessly. */
  function bodyOf(bytesPerSecond: number, seconds = Number.POSITIVE_INFINITY) {
    let left = seconds;
    const state = { cancelled: false };
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((done) => setTimeout(done, 1000));
        if (left-- > 0) controller.enqueue(new Uint8Array(bytesPerSecond));
        else controller.close();
      },
      cancel() {
        state.cancelled = true;
      },
    });
    return { response: new Response(body), state };
  }

  async function read(response: Response, more: object = {}): Promise<number> {
    let bytes = 0;
    for await (const chunk of chunksOf(response, limits(more))) bytes += chunk.byteLength;
    return bytes;
  }

  test("a body that is fast enough may take any time", async () => {
    const reading = read(bodyOf(600, 3600).response);
    await vi.advanceTimersByTimeAsync(3_700_000);
    expect(await reading).toBe(600 * 3600);
  });

  test("a body that is too slow is aborted", async () => {
    const { response, state } = bodyOf(2);
    const outcome = expect(read(response)).rejects.toMatchObject({
      name: "BrokenBodyError",
      cause: { message: expect.stringMatching(/^no more than \d+ bytes within 10 s$/) },
    });
    await vi.advanceTimersByTimeAsync(11_000);
    await outcome;
    await vi.advanceTimersByTimeAsync(2000);
    expect(state.cancelled).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("a whole answer must end in time, however fast it is", async () => {
    const { response } = bodyOf(1 << 20);
    const outcome = expect(read(response, { whole: true })).rejects.toThrow(BrokenBodyError);
    await vi.advanceTimersByTimeAsync(13_000);
    await outcome;
  });

  test("the receiver's time does not count for the server", async () => {
    const { response } = bodyOf(600, 3);
    const reading = (async () => {
      let bytes = 0;
      for await (const chunk of chunksOf(response, limits())) {
        bytes += chunk.byteLength;
        await new Promise((done) => setTimeout(done, 60_000));
      }
      return bytes;
    })();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(await reading).toBe(1800);
  });

  test("an abort ends the body and the wait for headers at once, and no listener stays", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const reading = expect(read(bodyOf(600).response, { signal })).rejects.toThrow("enough");
    const hanging = (_url: string, init: RequestInit) =>
      new Promise<Response>((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
      });
    const asking = expect(timedFetch(hanging, "http://x", {}, limits({ signal }))).rejects.toThrow(
      "enough",
    );
    await vi.advanceTimersByTimeAsync(2500);
    expect(getEventListeners(signal, "abort").length).toBe(2);
    controller.abort(new Error("enough"));
    await Promise.all([reading, asking]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
