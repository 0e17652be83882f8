import { seededRandom } from "./encodings.js";
import type { InputKind } from "./engines/engine.js";

/** A set of texts that an engine embeds in one call. */
export interface Load {
  readonly name: string;
  /** "32 texts × 128 tokens" */
  readonly what: string;
  readonly input: InputKind;
  /** Tokens of each text, special tokens included. */
  readonly lengths: readonly number[];
}

const mixed = logNormalLengths({ count: 256, median: 92, sigma: 0.75, from: 8, to: 512, seed: 20 });
const sorted = mixed.toSorted((a, b) => a - b);

export const loads: readonly Load[] = [
  uniform("A", 1, 16),
  uniform("B", 1, 128),
  uniform("C", 32, 128),
  uniform("D", 32, 512),
  ids("E", "256 texts of 8–512 tokens in random order", mixed),
  ids("E-sorted", "the texts of E, sorted by length", sorted),
  text("E-text", "256 texts of E's lengths, including tokenisation", mixed),
  text("E-text-sorted", "the texts of E-text, sorted by length", sorted),
];

/** The load that a process embeds first: 16 tokens. */
export const firstInputs: readonly Load[] = [
  ids("F", "process start to the first vector, 16 tokens", [16]),
  text("F-text", "process start to the first vector of a text of 16 tokens", [16]),
];

/** Throws RangeError for an unknown name. */
export function loadByName(name: string): Load {
  const load = [...loads, ...firstInputs].find((each) => each.name === name);
  if (!load) throw new RangeError(`no load ${name}`);
  return load;
}

/** Whether all texts have the same number of tokens, so that nothing is padded. */
export function isUniform({ lengths }: Load): boolean {
  return lengths.every((length) => length === lengths[0]);
}

export function tokensIn({ lengths }: Load): number {
  return lengths.reduce((sum, length) => sum + length, 0);
}

function uniform(name: string, texts: number, tokens: number): Load {
  const what = `${texts} ${texts === 1 ? "text" : "texts"} × ${tokens} tokens`;
  return ids(name, what, new Array<number>(texts).fill(tokens));
}

function ids(name: string, what: string, lengths: readonly number[]): Load {
  return { name, what, input: "ids", lengths };
}

function text(name: string, what: string, lengths: readonly number[]): Load {
  return { name, what, input: "text", lengths };
}

interface LogNormal {
  readonly count: number;
  readonly median: number;
  readonly sigma: number;
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/** median · exp(sigma · N(0, 1)), rounded and clamped to `from` … `to`. */
function logNormalLengths({ count, median, sigma, from, to, seed }: LogNormal): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(to, Math.max(from, Math.round(median * Math.exp(sigma * gauss))));
  });
}
