import text from "../../ops/add_embeddings.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { grid, groupsOf256, storage } from "../preludes.js";
import { wgsl } from "../shader.js";
import { partsOf } from "../storage.js";
import { tablePreludes } from "../table.js";

const kernel = wgsl("add_embeddings", text);

export const add_embeddings: Launcher<"add_embeddings"> = (recorder, { x, table, ids, out }) => {
  partsOf(table).forEach((part, i) => {
    recorder.dispatch({
      kernel,
      preludes: [storage(out.dtype), grid, ...tablePreludes(table)],
      reads: [i === 0 ? x : out, part, ids],
      writes: [out],
      numbers: [out.size, out.shape[1] ?? 0, part.firstRow, part.rows, part.scales],
      groups: groupsOf256(out.size),
    });
  });
};
