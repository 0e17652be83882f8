import type { Tolerance } from "../cases/case.js";
import { isBeyondF16 } from "../numbers/half.js";
import { ConformanceError } from "./conformance-error.js";
import type { PreparedTensor } from "./prepare-case.js";
import type { Region } from "./region.js";

/**
 * The largest error of a run, relative to the magnitude (or to abs / rel where that is larger), and the fraction of the
 * tolerance that it uses.
 */
export interface LargestError {
  readonly error: number;
  readonly partOfTolerance: number;
}

/** A device may flush results below this to zero. */
const flushed = 1e-36;
/** Where bits are compared, a device may flush only subnormal numbers, which are those below this. */
const smallestNormal = 2 ** -126;
const largestF32 = 3.4028235e38;

/** Checks sentinels, inputs, NaN and infinities first, and then the errors. Throws ConformanceError. */
export function checkRegion(
  region: Region,
  got: Float64Array,
  tolerance: Tolerance,
  label: string,
): LargestError {
  const owned = new Uint8Array(got.length);
  for (const { tensor, start } of [...region.outputs, ...region.inputs]) {
    owned.fill(1, start, start + tensor.host.data.length);
  }
  got.forEach((value, i) => {
    if (owned[i] === 0 && value !== region.initial[i]) {
      fail(label, `memory outside the outputs was written: element ${i} of ${got.length}`);
    }
  });
  for (const { tensor, start } of region.inputs) {
    tensor.host.data.forEach((value, i) => {
      if (!Object.is(value, got[start + i])) {
        fail(label, `input ${place(tensor, i)} was changed from ${value} to ${got[start + i]}`);
      }
    });
  }
  const outputs = region.outputs.map(({ tensor, start }) => ({
    tensor,
    values: got.subarray(start, start + tensor.host.data.length),
  }));
  for (const { tensor, values } of outputs) checkKinds(tensor, values, label);
  let largest: LargestError = { error: 0, partOfTolerance: 0 };
  for (const { tensor, values } of outputs) {
    const found = checkErrors(tensor, values, tolerance, label);
    largest = {
      error: Math.max(largest.error, found.error),
      partOfTolerance: Math.max(largest.partOfTolerance, found.partOfTolerance),
    };
  }
  return largest;
}

/**
 * Checks that NaN, infinities and finite numbers are where they are expected. Products of 8 bits may give NaN for an
 * infinity, and the reverse.
 */
function checkKinds(tensor: PreparedTensor, values: Float64Array, label: string): void {
  const isHalf = tensor.dtype === "f16" && tensor.rule.kind === "output";
  tensor.host.data.forEach((want, i) => {
    const value = values[i] as number;
    if (isHalf && isBeyondF16(want)) {
      if (Number.isNaN(value)) return;
      fail(label, `${place(tensor, i)} is ${value}, expected NaN, since f16 cannot hold ${want}`);
    }
    if (Number.isFinite(want) && Math.abs(want) <= largestF32) {
      if (!Number.isFinite(value)) {
        const why = Number.isNaN(value) ? " (not written, or computed from unset memory)" : "";
        fail(label, `${place(tensor, i)} is ${value}${why}, expected ${want}`);
      }
      return;
    }
    if (tensor.eightBitError) {
      if (!Number.isFinite(value)) return;
      fail(label, `${place(tensor, i)} is ${value}, expected NaN or an infinity`);
    }
    const expected = Number.isFinite(want) ? want * Number.POSITIVE_INFINITY : want;
    if (!Object.is(value, expected)) {
      fail(label, `${place(tensor, i)} is ${value}, expected ${expected}`);
    }
  });
}

function checkErrors(
  tensor: PreparedTensor,
  values: Float64Array,
  tolerance: Tolerance,
  label: string,
): LargestError {
  const { rel, abs = 0, halfRoundings = 1, reason } = tolerance;
  const isHalf = tensor.dtype === "f16";
  const relative = rel + (isHalf ? halfRoundings * 2 ** -11 : 0);
  const isExact = relative === 0 && abs === 0;
  const absolute = isExact ? 0 : abs + (isHalf ? 2 ** -24 : flushed);
  let part = 0;
  tensor.host.data.forEach((want, i) => {
    const value = values[i] as number;
    if (!Number.isFinite(want) || !Number.isFinite(value)) return;
    if (tensor.isExact && !isSame(value, Math.fround(want))) {
      fail(label, `${place(tensor, i)} is ${value}, expected exactly ${Math.fround(want)}`);
    }
    const magnitude = Math.max(Math.abs(want), tensor.host.magnitude[i] as number);
    const difference = Math.abs(value - want);
    const allowed = absolute + relative * magnitude + (tensor.eightBitError?.[i] ?? 0);
    if (difference > allowed) {
      const figures = `expected ${want}, error ${difference}, allowed ${allowed}`;
      const why = tensor.eightBitError ? "half a step of 8 bits for each factor of a term" : reason;
      fail(label, `${place(tensor, i)} is ${value}, ${figures} (${why})`);
    }
    if (difference > 0) part = Math.max(part, difference / allowed);
  });
  return { error: part * relative, partOfTolerance: part };
}

function isSame(value: number, want: number): boolean {
  return Object.is(value, want) || (Math.abs(want) < smallestNormal && value === 0);
}

function place({ name, host }: PreparedTensor, index: number): string {
  let rest = index;
  const at = host.shape.toReversed().map((dim) => {
    const axis = rest % dim;
    rest = Math.floor(rest / dim);
    return axis;
  });
  return `${name}[${at.reverse().join(", ")}]`;
}

function fail(label: string, message: string): never {
  throw new ConformanceError(`${label}: ${message}`);
}
