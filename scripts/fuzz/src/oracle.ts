import { getHeapStatistics } from "node:v8";
import { isRipvecError } from "@ripvec/core";
import type { Target } from "./target.js";

/** Something that must not happen, whatever the input. */
export interface Fault {
  readonly kind: "untyped" | "message" | "slow" | "memory";
  /** Equal for inputs that show the same fault. */
  readonly signature: string;
  readonly detail: string;
}

/** The limit for the CPU time of one case. */
const maxCaseMs = 1000;
/** Core keeps 4,000 characters of a message, and adds a few words when it shortens one. */
const maxMessageLength = 4100;
/** The memory that one case may take, in addition to a part for every byte of its input. */
const memory = { bytes: 128 << 20, perInputByte: 2048 } as const;

/** Control characters, line separators, bidi controls and lone surrogates, which no message may contain. */
const unprintable =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** Reads the input. Returns the fault, or undefined when the input was read or refused correctly. */
export async function judge(target: Target, input: Uint8Array): Promise<Fault | undefined> {
  const before = usage();
  const error = await outcomeOf(target, input);
  const after = usage();
  if (error !== undefined) {
    const { thrown } = error;
    const fault = isRipvecError(thrown)
      ? (hidden(thrown) ?? messageFault(thrown))
      : untyped(thrown);
    if (fault) return fault;
  }
  const elapsedMs = after.ms - before.ms;
  if (elapsedMs > maxCaseMs && after.cpuMs - before.cpuMs > maxCaseMs) {
    return { kind: "slow", signature: "slow", detail: `${Math.round(elapsedMs)} ms` };
  }
  return memoryFault(input, before, after);
}

interface Usage {
  readonly ms: number;
  readonly cpuMs: number;
  readonly heapBytes: number;
  /** The bytes of array buffers. */
  readonly externalBytes: number;
  readonly peakBytes: number;
}

function usage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const { used_heap_size, external_memory } = getHeapStatistics();
  return {
    ms: performance.now(),
    cpuMs: (userCPUTime + systemCPUTime) / 1000,
    heapBytes: used_heap_size,
    externalBytes: external_memory,
    peakBytes: maxRSS * 1024,
  };
}

async function outcomeOf(
  target: Target,
  input: Uint8Array,
): Promise<{ readonly thrown: unknown } | undefined> {
  try {
    await target.run(input);
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

function untyped(thrown: unknown): Fault {
  if (!(thrown instanceof Error)) {
    return { kind: "untyped", signature: `thrown ${typeof thrown}`, detail: String(thrown) };
  }
  const frames = (thrown.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const called = frames.slice(0, 3).map((line) => line.trim().split(" ")[1] ?? "");
  const what = thrown.message.startsWith("invariant") ? thrown.message : thrown.name;
  return {
    kind: "untyped",
    signature: `${what} in ${called.join(" < ")}`.slice(0, 200),
    detail: [`${thrown.name}: ${thrown.message}`.slice(0, 300), ...frames.slice(0, 6)].join("\n"),
  };
}

/** A programming mistake in a reader that was turned into an error of ripvec. Errors of Node itself have a code. */
function hidden({ cause }: Error): Fault | undefined {
  const isMistake = cause instanceof TypeError || cause instanceof ReferenceError;
  const isTooDeep = cause instanceof RangeError && cause.message.includes("call stack");
  return (isMistake && !("code" in cause)) || isTooDeep ? untyped(cause) : undefined;
}

function messageFault(error: Error): Fault | undefined {
  const short = error.message.replace(/["'].*/s, "").slice(0, 40);
  if (error.message.length > maxMessageLength) {
    const detail = `${error.message.length} characters: ${error.message.slice(0, 120)}…`;
    return { kind: "message", signature: `long message: ${short}`, detail };
  }
  if (!unprintable.test(error.message)) return undefined;
  const detail = JSON.stringify(error.message.slice(0, 200));
  return { kind: "message", signature: `unprintable message: ${short}`, detail };
}

/** Disproportionate memory that the case still holds, or by which it raised the peak of the process. */
function memoryFault(input: Uint8Array, before: Usage, after: Usage): Fault | undefined {
  const grown = Math.max(
    after.heapBytes - before.heapBytes,
    after.externalBytes - before.externalBytes,
    after.peakBytes - before.peakBytes,
  );
  if (grown <= memory.bytes + memory.perInputByte * input.length) return undefined;
  return {
    kind: "memory",
    signature: "memory",
    detail: `${(grown / 2 ** 20).toFixed(1)} MiB for an input of ${input.length} bytes`,
  };
}
