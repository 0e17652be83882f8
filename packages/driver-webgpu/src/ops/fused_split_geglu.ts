import text from "../../ops/fused_split_geglu.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { functions, grid, groupsOf256, storage } from "../preludes.js";
import { wgsl } from "../shader.js";

const kernel = wgsl("fused_split_geglu", text);

export const fused_split_geglu: Launcher<"fused_split_geglu"> = (recorder, { x, form, out }) => {
  recorder.dispatch({
    kernel,
    preludes: [storage(out.dtype), grid, functions],
    reads: [x],
    writes: [out],
    numbers: [out.size, out.shape[1] ?? 0, form === "tanh" ? 1 : 0],
    groups: groupsOf256(out.size),
  });
};
