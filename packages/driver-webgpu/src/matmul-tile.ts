import { type Wgsl, wgsl } from "./shader.js";

/** How one workgroup computes a tile of a product. */
export interface TileShape {
  /** Threads down and across the tile. */
  readonly threads: readonly [down: number, across: number];
  /** Elements of each thread; columns come in fours. */
  readonly elements: readonly [rows: number, cols: number];
  /** Groups of four along k that are in workgroup memory at a time. */
  readonly depth: number;
}

const upTo = (count: number): number[] => [...Array(count).keys()];
const lines = (list: readonly string[], indent: string): string => list.join(`\n${indent}`);

/**
 * The WGSL of a tile. The op that it stands before gives load_left(row, k) and load_right(col, k), each four elements along
 * k, zeros outside, and store(row, col, sum). Thread (y, x) owns the elements (y + down · i, x + across · j) of the tile, in
 * registers. The sum of each runs over k = 0, 1, … in one chain of fused multiply-adds, whatever the shape: so an element
 * has the same bits in tiles of every shape, in every product with the same row and column.
 */
export function matmulTile({ threads: [down, across], elements, depth }: TileShape): Wgsl {
  const [rows, cols] = elements;
  const threads = down * across;
  const stride = depth + 1; // odd, so that rows in workgroup memory begin in different banks
  // Threads side by side share no column: there is nothing to keep for the others.
  const sharesColumns = down > 1;
  const tiles = [
    { side: "left", first: "first_row", length: rows * down },
    ...(sharesColumns ? [{ side: "right", first: "first_col", length: cols * across }] : []),
  ];
  const fills = tiles.map(
    ({ side, first, length }) => `for (var i = thread; i < ${length * depth}; i += ${threads}) {
      ${side}_tile[i / ${depth} * ${stride} + i % ${depth}] = load_${side}(${first} + i / ${depth}, k + i % ${depth} * 4);
    }`,
  );
  const fours = upTo(cols / 4);
  const columns = upTo(cols).map((j) =>
    sharesColumns
      ? `let r${j} = right_tile[(x + ${across * j}) * ${stride} + g];`
      : `let r${j} = load_right(first_col + x + ${across * j}, k + 4 * g);`,
  );
  const turned = fours.flatMap((q) =>
    [..."xyzw"].map((k) => {
      const parts = upTo(4).map((n) => `r${4 * q + n}.${k}`);
      return `let ${k}${q} = vec4f(${parts.join(", ")});`;
    }),
  );
  const products = upTo(rows).flatMap((i) => [
    `let l${i} = left_tile[(y + ${down * i}) * ${stride} + g];`,
    ...fours.map((q) => {
      const sum = [..."xyzw"].reduce(
        (sum, k) => `fma(vec4f(l${i}.${k}), ${k}${q}, ${sum})`,
        `s${i}_${q}`,
      );
      return `s${i}_${q} = ${sum};`;
    }),
  ]);
  const sums = upTo(rows).flatMap((i) => fours.map((q) => `var s${i}_${q} = vec4f();`));
  const stores = upTo(rows).flatMap((i) =>
    fours.map(
      (q) => `store4(first_row + y + ${down * i}, first_col + x + ${4 * across * q}, s${i}_${q});`,
    ),
  );
  return wgsl(
    `matmul_${rows}x${cols}_${down}x${across}`,
    `
const matmul_threads = ${threads}u;
const tile_rows = ${rows * down}u;
const tile_cols = ${cols * across}u;
${lines(
  tiles.map(({ side, length }) => `var<workgroup> ${side}_tile: array<vec4f, ${length * stride}>;`),
  "",
)}

fn matmul_tile(first_row: u32, first_col: u32, inner: u32, thread: u32) {
  let x = thread % ${across};
  let y = thread / ${across};
  ${lines(sums, "  ")}
  for (var k = 0u; k < inner; k += ${4 * depth}) {
    workgroupBarrier();
    ${lines(fills, "    ")}
    workgroupBarrier();
    let groups = min(${depth}u, (inner - k + 3) / 4);
    for (var g = 0u; g < groups; g++) {
      ${lines([...columns, ...turned, ...products], "      ")}
    }
  }
  ${lines(stores, "  ")}
}

fn store4(row: u32, col: u32, sums: vec4f) {
  store(row, col, sums.x);
  store(row, col + ${across}, sums.y);
  store(row, col + ${2 * across}, sums.z);
  store(row, col + ${3 * across}, sums.w);
}
`,
  );
}
