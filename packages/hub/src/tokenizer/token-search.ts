import { Trie } from "./trie.js";

/** A text that was found: its index, and its position in UTF-16 units. */
export interface Found {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Nothing was found, but from `from` on a text may begin that continues beyond the end. */
export interface Open {
  readonly from: number;
}

/**
 * Searches for several texts in a text: of those that begin first, it finds the longest. It uses
 * the Aho-Corasick algorithm, which reads each character once between two finds, however many
 * prefixes the texts share.
 */
export class TokenSearch {
  readonly #trie: Trie;
  /** Finds a UTF-16 unit that one of the texts begins with; undefined when there are no texts. */
  readonly #beginning: RegExp | undefined;
  /**
   * By node: its depth, the node of its longest proper suffix that is a node, and its longest
   * suffix that is a whole text.
   */
  readonly #depths: Int32Array;
  readonly #shorter: Int32Array;
  readonly #whole: Int32Array;

  /** `texts` are not empty. */
  constructor(texts: readonly string[]) {
    this.#trie = new Trie(texts.reduce((sum, text) => sum + text.length, 0));
    for (const [index, text] of texts.entries()) this.#trie.set(text, index);
    const units = new Set(texts.map((text) => text.charCodeAt(0)));
    const escaped = Array.from(units, (unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
    if (texts.length > 0) this.#beginning = new RegExp(`[${escaped.join("")}]`, "g");
    const edges = this.#trie.edges();
    this.#depths = new Int32Array(edges.length + 1);
    this.#shorter = new Int32Array(edges.length + 1);
    this.#whole = new Int32Array(edges.length + 1);
    for (const { from, to } of edges) this.#depths[to] = this.#depthOf(from) + 1;
    edges.sort((a, b) => this.#depthOf(a.to) - this.#depthOf(b.to));
    for (const edge of edges) this.#link(edge);
  }

  /** `isWhole` says that nothing follows `text`. */
  next(text: string, from: number, isWhole: boolean): Found | Open | undefined {
    let best: Found | undefined;
    let node = 0;
    for (let at = this.#nextBeginning(text, from); at >= 0 && at < text.length; ) {
      node = this.#step(node, text.charCodeAt(at++));
      const start = at - this.#depthOf(node);
      if (best && best.start < start) return best;
      best = this.#better(best, node, at);
      if (node === 0) at = this.#nextBeginning(text, at);
    }
    if (isWhole || node === 0) return best;
    return { from: Math.min(text.length - this.#depthOf(node), best?.start ?? text.length) };
  }

  /**
   * `best`, or the text that ends at `end` if that begins earlier, or at the same position, since
   * it is longer then.
   */
  #better(best: Found | undefined, node: number, end: number): Found | undefined {
    const whole = this.#whole[node] ?? 0;
    if (whole === 0) return best;
    const start = end - this.#depthOf(whole);
    if (best && best.start < start) return best;
    return { index: this.#trie.valueAt(whole), start, end };
  }

  /** The node of the longest suffix of `node` followed by `unit`. */
  #step(node: number, unit: number): number {
    for (let from = node; ; from = this.#shorter[from] ?? 0) {
      const to = this.#trie.step(from, unit);
      if (to !== 0 || from === 0) return to;
    }
  }

  #link({ from, unit, to }: { from: number; unit: number; to: number }): void {
    const shorter = from === 0 ? 0 : this.#step(this.#shorter[from] ?? 0, unit);
    this.#shorter[to] = shorter;
    this.#whole[to] = this.#trie.valueAt(to) >= 0 ? to : (this.#whole[shorter] ?? 0);
  }

  #depthOf(node: number): number {
    return this.#depths[node] ?? 0;
  }

  #nextBeginning(text: string, from: number): number {
    if (!this.#beginning) return -1;
    this.#beginning.lastIndex = from;
    return this.#beginning.exec(text)?.index ?? -1;
  }
}
