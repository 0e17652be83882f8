import text from "../../ops/fused_split_geglu.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, functions, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_split_geglu", text);

export const fused_split_geglu: Launcher<"fused_split_geglu"> = (recorder, { x, form, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [activationType(out.dtype), grid, functions],
    reads: { x },
    writes: { out },
    numbers: { size: out.size, cols: out.shape[1] ?? 0, tanh_form: form === "tanh" ? 1 : 0 },
    groups: groupsOf256(out.size),
  });
};
