import type { Random } from "./random.js";

/** Other inputs, and words, that a change may insert. */
export interface Material {
  readonly others: readonly Uint8Array[];
  readonly words: readonly string[];
}

type Mutation = (bytes: Uint8Array, random: Random, material: Material) => Uint8Array;

const numbers = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0xffffffff];
const longNumbers = [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

function splice(bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, at), added, bytes.subarray(at + removed));
}

function someOf(bytes: Uint8Array, random: Random, max: number): Uint8Array {
  const from = random.below(bytes.length);
  return bytes.subarray(from, from + 1 + random.below(Math.min(max, bytes.length - from)));
}

function overwritten(bytes: Uint8Array, at: number, added: Uint8Array): Uint8Array {
  return splice(bytes, at, Math.min(added.length, bytes.length - at), added);
}

function numberBytes(random: Random): Uint8Array {
  const buffer = Buffer.alloc(8);
  if (random.oneIn(4)) {
    buffer.writeBigUInt64LE(random.pick(longNumbers));
    return buffer;
  }
  buffer.writeUInt32LE(random.oneIn(2) ? random.pick(numbers) : random.below(2000));
  return buffer.subarray(0, random.pick([1, 2, 4]));
}

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const copy = Uint8Array.from(bytes);
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
    return copy;
  },
  (bytes, random) =>
    overwritten(bytes, random.below(bytes.length), Uint8Array.of(random.below(256))),
  (bytes, random) => overwritten(bytes, random.below(bytes.length), numberBytes(random)),
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), 0, numberBytes(random)),
  (bytes, random) => {
    const at = random.below(bytes.length);
    return splice(bytes, at, 1 + random.below(Math.min(32, bytes.length - at)), new Uint8Array());
  },
  (bytes, random) => splice(bytes, random.below(bytes.length + 1), 0, someOf(bytes, random, 64)),
  (bytes, random) => overwritten(bytes, random.below(bytes.length), someOf(bytes, random, 64)),
  (bytes, random, { words }) =>
    words.length === 0
      ? bytes
      : splice(bytes, random.below(bytes.length + 1), 0, Buffer.from(random.pick(words))),
  (bytes, random, { others }) => {
    if (others.length === 0) return bytes;
    const other = random.pick(others);
    if (other.length === 0) return bytes;
    return splice(
      bytes,
      random.below(bytes.length + 1),
      random.below(16),
      someOf(other, random, 256),
    );
  },
  (bytes, random, { others }) => {
    if (others.length === 0) return bytes;
    const other = random.pick(others);
    return joined(
      bytes.subarray(0, random.below(bytes.length + 1)),
      other.subarray(random.below(other.length)),
    );
  },
  (bytes, random) => {
    if (!random.oneIn(4)) return bytes.subarray(0, random.below(bytes.length + 1));
    const part = someOf(bytes, random, 16);
    const times = random.oneIn(8) ? 1 + random.below(4096) : 1 + random.below(32);
    return splice(bytes, random.below(bytes.length), 0, joined(...Array(times).fill(part)));
  },
];

/** A number from one to eight, usually one, since many changes break most formats. */
export const changes = (random: Random): number => (random.oneIn(2) ? 1 : 1 << random.below(4));

/** Applies one to eight changes to an input. */
export function mutateBytes(input: Uint8Array, random: Random, material: Material): Uint8Array {
  let bytes = input;
  for (let left = changes(random); left > 0; left -= 1) {
    bytes =
      bytes.length === 0 ? numberBytes(random) : random.pick(mutations)(bytes, random, material);
  }
  return bytes;
}
