import { ArgumentError, InputError, UnsupportedError } from "@ripvec/core";
import { gotOf } from "./got-of.js";

/** A vector: the numbers of one embedding. */
export type Vector = ArrayLike<number>;

type Measure = (a: Vector, b: Vector) => number;
type Term = (x: number, y: number) => number;

/** The similarities of sentence-transformers. A distance is negated, so that more is closer. */
const measures: Readonly<Record<string, Measure>> = {
  cosine,
  dot,
  euclidean: (a, b) => -Math.sqrt(sumOf(a, b, (x, y) => (x - y) ** 2)),
  manhattan: (a, b) => -sumOf(a, b, (x, y) => Math.abs(x - y)),
};

/**
 * The similarity of two vectors by the measure with this name. Throws ArgumentError for a value
 * that is no vector, InputError for vectors of different lengths, and UnsupportedError for an unknown measure.
 */
export function similarityBy(name: string, a: Vector, b: Vector): number {
  const measure = Object.hasOwn(measures, name) ? measures[name] : undefined;
  if (!measure) {
    const supported = Object.keys(measures);
    throw new UnsupportedError({ what: "similarity_fn_name", value: name, supported });
  }
  expectVector("a", a);
  expectVector("b", b);
  if (a.length !== b.length) {
    throw new InputError(
      `similarity needs two vectors of one length, got ${a.length} and ${b.length} numbers`,
    );
  }
  return measure(a, b);
}

function expectVector(argument: string, value: unknown): void {
  const isArray = ArrayBuffer.isView(value) ? !(value instanceof DataView) : Array.isArray(value);
  const numbers = isArray ? Array.from(value as ArrayLike<unknown>) : [];
  if (numbers.length > 0 && numbers.every((each) => typeof each === "number")) return;
  const reason = `must be a Float32Array or an array of numbers with at least one number, got ${gotOf(value)}`;
  throw new ArgumentError({ op: "similarity", argument, reason });
}

/** Cosine of the angle between two vectors of equal length; 0 when either is zero. */
export function cosine(a: Vector, b: Vector): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}

function dot(a: Vector, b: Vector): number {
  return sumOf(a, b, (x, y) => x * y);
}

function sumOf(a: Vector, b: Vector, term: Term): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += term(a[i] ?? 0, b[i] ?? 0);
  return sum;
}
