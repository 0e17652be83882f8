import fill from "../prelude/fill.wgsl?raw";
import grid from "../prelude/grid.wgsl?raw";
import type { DispatchRequest } from "./dispatch.js";
import { wgsl } from "./shader.js";

const kernel = wgsl("fill", fill);
const preludes = [wgsl("grid", grid)];

/** Sets the first `byteLength` bytes, rounded up to whole words, which every slot has. */
export function fillRequest(byteLength: number, value: 0x00 | 0xff): DispatchRequest {
  const words = Math.ceil(byteLength / 4);
  const numbers = { size: words, value: value === 0 ? 0 : 0xffffffff };
  const writes = { words: undefined };
  return { kernel, preludes, reads: {}, writes, numbers, groups: Math.ceil(words / 256) };
}
