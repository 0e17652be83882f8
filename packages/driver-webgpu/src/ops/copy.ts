import { dtypeByteLength } from "@ripvec/core/driver";
import text from "../../ops/copy.wgsl?raw";
import f16Text from "../../prelude/element_f16.wgsl?raw";
import u32Text from "../../prelude/element_u32.wgsl?raw";
import type { Launcher, Recorder } from "../dispatch.js";
import { grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";
import type { GpuTensor } from "../storage.js";

const kernel = wgsl("copy", text);
const words = wgsl("element_u32", u32Text);
const halves = wgsl("element_f16", f16Text);

export const copy: Launcher<"copy"> = (recorder, { x, out }) => copyTensor(recorder, x, out);

export function copyTensor(recorder: Recorder, x: GpuTensor, out: GpuTensor): void {
  recorder.dispatch({
    kernel,
    preludes: [dtypeByteLength(x.dtype) === 4 ? words : halves, grid],
    reads: { x },
    writes: { out },
    numbers: { size: x.size },
    groups: groupsOf256(x.size),
  });
}
