import text from "../../ops/add_embeddings.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";
import { partsOf } from "../storage.js";
import { tablePreludes } from "../table.js";

const kernel = wgsl("add_embeddings", text);

export const add_embeddings: Launcher<"add_embeddings"> = (recorder, { x, table, ids, out }) => {
  partsOf(table).forEach((part, i) => {
    recorder.dispatch({
      kernel,
      preludes: [activationType(out.dtype), grid, ...tablePreludes(table)],
      reads: { x: i === 0 ? x : out, table: part, ids },
      writes: { out },
      numbers: {
        size: out.size,
        cols: out.shape[1] ?? 0,
        first_row: part.firstRow,
        table_rows: part.rows,
        table_scales: part.scales,
      },
      groups: groupsOf256(out.size),
    });
  });
};
