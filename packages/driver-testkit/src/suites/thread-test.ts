import type { Driver } from "@ripvec/core";
import { type Tensor, weightView } from "@ripvec/core/driver";
import { Random } from "../numbers/random.js";
import type { SuiteTest } from "./suite.js";

const width = 512;
const fewestRows = 16;
const mostRows = 4096;
/** The passes become longer until the shorter of two takes this long. */
const longPassMs = 60;
/** A busy machine lengthens some passes and stops the timers in others, so the median of these passes counts. */
const passes = 5;
/** A pass in which several timers should have fired. */
const shortestPassMs = 20;
const tickMs = 2;
/** The part of a pass without a tick from which on the thread counts as busy. */
const busyPart = 0.7;

/** A test that warns, and does not fail, when passes of some length let no timer of the JavaScript thread fire. */
export function threadTest(warn: (message: string) => void): SuiteTest {
  return {
    name: "thread: timers fire while a long pass runs (a warning, no failure)",
    async run(driver) {
      const pass = longPass(driver);
      let rows = fewestRows;
      while (rows < mostRows && (await shortestMs(() => pass(rows))) < longPassMs) rows *= 2;
      const pauses: Pause[] = [];
      for (let i = 0; i < passes; i++) pauses.push(await paused(() => pass(rows)));
      const median = pauses.sort((a, b) => part(a) - part(b))[(passes - 1) / 2] as Pause;
      if (isBusy(median)) warn(warning(driver.name, median));
    },
  };
}

interface Pause {
  readonly totalMs: number;
  /** The longest time in which no timer fired. */
  readonly longestMs: number;
}

const part = ({ totalMs, longestMs }: Pause): number => longestMs / totalMs;

const isBusy = (pause: Pause): boolean =>
  pause.totalMs >= shortestPassMs && part(pause) >= busyPart;

/** The time that the shorter of two passes takes. */
async function shortestMs(pass: () => Promise<unknown>): Promise<number> {
  const [first, second] = [await paused(pass), await paused(pass)];
  return Math.min(first.totalMs, second.totalMs);
}

function warning(name: string, { totalMs, longestMs }: Pause): string {
  const [total, longest] = [Math.round(totalMs), Math.round(longestMs)];
  const fact = `during a pass of ${total} ms no timer fired for ${longest} ms`;
  return `driver ${name} computes on the JavaScript thread: ${fact}. Everything else in the process waits meanwhile. Compute in a native thread, in a worker or on a device, or tell your users.`;
}

/** Runs one product with as many rows as it is given. */
function longPass(driver: Driver): (rows: number) => Promise<unknown> {
  const random = new Random("thread");
  const view = weightView("w", [width, width], random.normals(width * width, 0.05));
  const weight = driver.createTensor(view, "matrix");
  return (rows) => {
    const values = new Float32Array(rows * width).fill(0.5);
    return driver.run((ops): Tensor => {
      const out = ops.alloc("f32", [rows, width]);
      ops.linear({ x: ops.input(values, [rows, width]), weight, out });
      return ops.slice(out, 0, [1]);
    });
  };
}

async function paused(work: () => Promise<unknown>): Promise<Pause> {
  const start = performance.now();
  let last = start;
  let longestMs = 0;
  const tick = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
  };
  const timer = setInterval(tick, tickMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  tick();
  return { totalMs: last - start, longestMs };
}
