const alignment = 64;

interface Gap {
  offset: number;
  byteLength: number;
}

/**
 * Plans the places of the allocations of one pass in the arena while the pass is recorded. Ops run
 * in order, so the next allocation can use freed memory, and `peak` is exactly what the pass needs.
 */
export class ArenaPlanner {
  /** The gaps by offset, never adjacent. Everything from `#end` on is free too. */
  readonly #gaps: Gap[] = [];
  readonly #sizes = new Map<number, number>();
  #end = 0;
  #peak = 0;

  /** Bytes of arena that the allocations so far need. */
  get peak(): number {
    return this.#peak;
  }

  /** Forgets every allocation. */
  reset(): void {
    this.#gaps.length = 0;
    this.#sizes.clear();
    this.#end = 0;
    this.#peak = 0;
  }

  /** Byte offset of a new block, a multiple of 64. */
  alloc(byteLength: number): number {
    const size = Math.max(1, Math.ceil(byteLength / alignment)) * alignment;
    const offset = this.#fromGap(size) ?? this.#fromEnd(size);
    this.#sizes.set(offset, size);
    return offset;
  }

  /** Frees the block that starts at `offset`. */
  release(offset: number): void {
    const byteLength = this.#sizes.get(offset);
    if (byteLength === undefined) throw new RangeError(`no block at ${offset}`);
    this.#sizes.delete(offset);
    const next = this.#gaps.findIndex((gap) => gap.offset > offset);
    this.#gaps.splice(next === -1 ? this.#gaps.length : next, 0, { offset, byteLength });
    this.#merge();
  }

  /** The smallest gap that fits, and the first one among equals. */
  #fromGap(size: number): number | undefined {
    let best: Gap | undefined;
    for (const gap of this.#gaps) {
      if (gap.byteLength >= size && (!best || gap.byteLength < best.byteLength)) best = gap;
    }
    if (!best) return undefined;
    const { offset } = best;
    best.offset += size;
    best.byteLength -= size;
    if (best.byteLength === 0) this.#gaps.splice(this.#gaps.indexOf(best), 1);
    return offset;
  }

  #fromEnd(size: number): number {
    const offset = this.#end;
    this.#end += size;
    this.#peak = Math.max(this.#peak, this.#end);
    return offset;
  }

  #merge(): void {
    for (let i = this.#gaps.length - 1; i > 0; i--) {
      const gap = this.#gaps[i] as Gap;
      const before = this.#gaps[i - 1] as Gap;
      if (before.offset + before.byteLength === gap.offset) {
        before.byteLength += gap.byteLength;
        this.#gaps.splice(i, 1);
      }
    }
    const last = this.#gaps.at(-1);
    if (last && last.offset + last.byteLength === this.#end) {
      this.#end = last.offset;
      this.#gaps.pop();
    }
  }
}
