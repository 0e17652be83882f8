import text from "../../ops/split_gate_value.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("split_gate_value", text);

export const split_gate_value: Launcher<"split_gate_value"> = (recorder, { x, value, gate }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(x.dtype), grid],
    reads: { x },
    writes: { value, gate },
    numbers: { size: value.size, cols: value.shape[1] ?? 0 },
    groups: groupsOf256(value.size),
  });
};
