import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArenaPlanner } from "../src/arena-planner.js";

interface Block {
  offset: number;
  byteLength: number;
}

const overlap = (a: Block, b: Block): boolean =>
  a.offset < b.offset + b.byteLength && b.offset < a.offset + a.byteLength;

describe("ArenaPlanner", () => {
  test("reuses freed memory and merges neighbouring gaps", () => {
    const arena = new ArenaPlanner();
    const [a, b, c] = [arena.alloc(100), arena.alloc(64), arena.alloc(64)];
    arena.release(a);
    arena.release(b);
    expect(arena.alloc(192)).toBe(a);
    arena.release(c);
    expect(arena.alloc(1000)).toBe(c);
    expect(arena.peak).toBe(192 + 1024);
  });

  test("needs one layer's memory for any number of layers", () => {
    const arena = new ArenaPlanner();
    const layer = () => {
      const blocks = [arena.alloc(1000), arena.alloc(5000), arena.alloc(300)];
      for (const offset of blocks.reverse()) arena.release(offset);
    };
    layer();
    const { peak } = arena;
    for (let i = 0; i < 20; i++) layer();
    expect(arena.peak).toBe(peak);
  });

  test("refuses to free a block that it did not allocate", () => {
    const arena = new ArenaPlanner();
    const offset = arena.alloc(1);
    arena.release(offset);
    expect(() => arena.release(offset)).toThrow(RangeError);
  });

  test("never overlaps live blocks, aligns to 64, stays below its peak", () => {
    const steps = fc.array(
      fc.oneof(fc.record({ alloc: fc.nat(5000) }), fc.record({ release: fc.nat(40) })),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const arena = new ArenaPlanner();
        const live: Block[] = [];
        for (const step of sequence) {
          if ("alloc" in step) {
            const block = { offset: arena.alloc(step.alloc), byteLength: Math.max(1, step.alloc) };
            expect(block.offset % 64).toBe(0);
            expect(live.some((other) => overlap(block, other))).toBe(false);
            expect(block.offset + block.byteLength).toBeLessThanOrEqual(arena.peak);
            live.push(block);
          } else if (live.length > 0) {
            const [block] = live.splice(step.release % live.length, 1);
            if (block) arena.release(block.offset);
          }
        }
        for (const block of live) arena.release(block.offset);
        const { peak } = arena;
        if (peak > 0) expect(arena.alloc(peak)).toBe(0);
        expect(arena.peak).toBe(peak);
      }),
      { numRuns: 300 },
    );
  });
});
