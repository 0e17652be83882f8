import { graphemeClusters } from "../regex/grapheme-clusters.js";

/** Clusters of at least this many UTF-8 bytes are replaced code point by code point. */
export const maxClusterBytes = 6;

const isPrintableAscii = /^[ -~]*$/;
const printableAscii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

/**
 * The normalizer of a SentencePiece model: it replaces text by a table that is compiled into the
 * model file. The table is a double-array trie over UTF-8 whose values are offsets into a list of
 * NUL-terminated replacements. Layout: the trie's length in bytes (u32), the trie's units (u32
 * each), the replacements.
 */
export class PrecompiledCharsmap {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #encoder: InstanceType<typeof TextEncoder> = new TextEncoder();
  readonly #decoder: InstanceType<typeof TextDecoder> = new TextDecoder("utf-8", {
    ignoreBOM: true,
  });
  readonly #known: Map<string, string> = new Map();
  readonly #keepsAscii: boolean;

  /** Throws RangeError when the bytes are not such a table. */
  constructor(base64: string) {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const trieBytes = view.getUint32(0, true);
    if (trieBytes % 4 !== 0 || trieBytes === 0 || trieBytes > bytes.byteLength - 4) {
      throw new RangeError(`precompiled_charsmap: a trie of ${trieBytes} bytes does not fit`);
    }
    this.#units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) =>
      view.getUint32(4 + 4 * i, true),
    );
    this.#replacements = bytes.subarray(4 + trieBytes);
    this.#keepsAscii = printableAscii.every((char) => this.replaced(char) === char);
  }

  /** Throws RangeError when the result has more than `maxLength` UTF-16 units. */
  normalize(text: string, maxLength: number = Infinity): string {
    if (this.#keepsAscii && isPrintableAscii.test(text)) return text;
    let length = 0;
    return text.replace(graphemeClusters(), (clusters) => {
      const replaced = this.#replacedAll(clusters);
      length += replaced.length;
      if (length > maxLength)
        throw new RangeError("precompiled_charsmap: the text becomes too long");
      return replaced;
    });
  }

  #replacedAll(clusters: string): string {
    if (clusters.length === 1 || !isPrintableAscii.test(clusters)) return this.replaced(clusters);
    if (this.#keepsAscii) return clusters;
    return Array.from(clusters, (cluster) => this.replaced(cluster)).join("");
  }

  /** The replacement of each grapheme cluster. */
  replaced(cluster: string): string {
    const known = this.#known.get(cluster);
    if (known !== undefined) return known;
    const replaced = this.#replaceCluster(cluster);
    // The cache is bounded: it holds the clusters of a few scripts, not of every text.
    if (this.#known.size >= 10_000) this.#known.clear();
    this.#known.set(cluster, replaced);
    return replaced;
  }

  #replaceCluster(cluster: string): string {
    const isShort = this.#encoder.encode(cluster).byteLength < maxClusterBytes;
    const whole = isShort ? this.#lookUp(cluster) : undefined;
    return whole ?? Array.from(cluster, (char) => this.#lookUp(char) ?? char).join("");
  }

  /** The replacement of the shortest prefix in the table, as in the reference. */
  #lookUp(text: string): string | undefined {
    let node = offsetOf(this.#unit(0));
    for (const byte of this.#encoder.encode(text)) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = this.#unit(node);
      if (labelOf(unit) !== byte) return undefined;
      node ^= offsetOf(unit);
      if (hasLeaf(unit)) return this.#replacementAt(this.#unit(node) & 0x7fffffff);
    }
    return undefined;
  }

  #unit(index: number): number {
    return this.#units[index] ?? 0;
  }

  #replacementAt(from: number): string {
    const to = this.#replacements.indexOf(0, from);
    return this.#decoder.decode(this.#replacements.subarray(from, to < 0 ? undefined : to));
  }
}

/**
 * The parts of a unit: bit 31 marks a value, bits 10 … 30 hold the offset (scaled by bit 9), bit 8
 * marks a leaf.
 */
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6);
const labelOf = (unit: number): number => (unit & 0x800000ff) >>> 0;
const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
