import text from "../../ops/embedding_lookup.wgsl?raw";
import type { Launcher } from "../dispatch.js";
import { activationType, grid, groupsOf256 } from "../preludes.js";
import { wgsl } from "../shader.js";
import { partsOf } from "../storage.js";
import { tablePreludes } from "../table.js";

const kernel = wgsl("embedding_lookup", text);

export const embedding_lookup: Launcher<"embedding_lookup"> = (recorder, { table, ids, out }) => {
  for (const part of partsOf(table)) {
    recorder.dispatch({
      kernel,
      preludes: [activationType(out.dtype), grid, ...tablePreludes(table)],
      reads: { table: part, ids },
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
  }
};
