/** A trie of tokens by their UTF-16 units, for finding those that begin at a position of a text. */
export class Trie {
  /**
   * Open addressing: edge `index` leads from node `#from` by unit `#unit` to node `#to`; 0: free.
   */
  #from: Int32Array;
  #unit: Uint16Array;
  #to: Int32Array;
  #mask: number;
  #nodes = 1;
  readonly #values: Int32Array;

  /**
   * `units`: length of all tokens together, in UTF-16 units. Tokens share prefixes, so fewer slots
   * are allocated at first.
   */
  constructor(units: number) {
    const slots = 2 ** Math.ceil(Math.log2(0.6 * units + 2));
    this.#from = new Int32Array(slots);
    this.#unit = new Uint16Array(slots);
    this.#to = new Int32Array(slots);
    this.#mask = slots - 1;
    this.#values = new Int32Array(units + 1).fill(-1);
  }

  /** `value` is 0 or above; the later value of two equal tokens is kept. */
  set(token: string, value: number): void {
    let node = 0;
    for (let at = 0; at < token.length; at++) {
      const unit = token.charCodeAt(at);
      const slot = this.#slotOf(node, unit);
      if (this.#to[slot] === 0) {
        this.#from[slot] = node;
        this.#unit[slot] = unit;
        this.#to[slot] = this.#nodes++;
        node = this.#nodes - 1;
        if (2 * this.#nodes > this.#to.length) this.#grow();
      } else {
        node = this.#to[slot] ?? 0;
      }
    }
    this.#values[node] = value;
  }

  /** The child of `node` by `unit`, or 0. The root is 0, and no edge leads to it. */
  step(node: number, unit: number): number {
    return this.#to[this.#slotOf(node, unit)] ?? 0;
  }

  /** All edges; those that leave a node come after the edge that leads to it. */
  edges(): { readonly from: number; readonly unit: number; readonly to: number }[] {
    const edges: { from: number; unit: number; to: number }[] = [];
    for (const [slot, to] of this.#to.entries()) {
      if (to !== 0) edges.push({ from: this.#from[slot] ?? 0, unit: this.#unit[slot] ?? 0, to });
    }
    return edges.sort((a, b) => a.to - b.to);
  }

  /** Value of the token that ends at the node, or -1. */
  valueAt(node: number): number {
    return this.#values[node] ?? -1;
  }

  /** Value of a token, or undefined. */
  get(token: string): number | undefined {
    let node = 0;
    for (let at = 0; at < token.length; at++) {
      node = this.step(node, token.charCodeAt(at));
      if (node === 0) return undefined;
    }
    const value = this.valueAt(node);
    return value < 0 ? undefined : value;
  }

  /** Twice the slots, because a nearly full table makes searches long. */
  #grow(): void {
    const [from, unit, to] = [this.#from, this.#unit, this.#to];
    this.#from = new Int32Array(2 * to.length);
    this.#unit = new Uint16Array(2 * to.length);
    this.#to = new Int32Array(2 * to.length);
    this.#mask = 2 * to.length - 1;
    for (const [old, node] of to.entries()) {
      if (node === 0) continue;
      const slot = this.#slotOf(from[old] ?? 0, unit[old] ?? 0);
      this.#from[slot] = from[old] ?? 0;
      this.#unit[slot] = unit[old] ?? 0;
      this.#to[slot] = node;
    }
  }

  #slotOf(node: number, unit: number): number {
    const hash = Math.imul(node, 0x9e3779b1) + Math.imul(unit, 0x85ebca77);
    let slot = (hash ^ (hash >>> 15)) & this.#mask;
    while (this.#to[slot] !== 0 && !(this.#from[slot] === node && this.#unit[slot] === unit)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}
