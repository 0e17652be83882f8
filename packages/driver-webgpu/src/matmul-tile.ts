import { type Wgsl, wgsl } from "./shader.js";

/** How a workgroup computes a tile of a product. */
export interface TileShape {
  /** Number of threads down and across the tile. */
  readonly threads: readonly [down: number, across: number];
  /** Elements that each thread computes. The number of columns is a multiple of 4. */
  readonly elements: readonly [rows: number, cols: number];
  /**
   * How threads share what they read. By "workgroup": in workgroup memory, `depth` groups of four elements along k at a time.
   * By "subgroup": the threads across a tile are the lanes of one subgroup, and each reads some of the rows that all need.
   */
  readonly sharing:
    | { readonly by: "workgroup"; readonly depth: number }
    | { readonly by: "subgroup" | "nothing" };
}

const upTo = (count: number): number[] => [...Array(count).keys()];
const lines = (list: readonly string[], indent: string): string => list.join(`\n${indent}`);

/**
 * The WGSL of a tile. The kernel after it defines load_left(row, k) and load_right(col, k), which return four elements along
 * k with zeros outside, scale_of(col), which takes any column, and store(row, col, sum, scale). Thread (y, x) computes the
 * elements (y + down · i, x + across · j) of the tile, in registers. Each sum runs over k = 0, 1, … in one chain of fused
 * multiply-adds, whatever the shape: so an element has the same bits in tiles of every shape.
 */
export function matmulTile(shape: TileShape): Wgsl {
  const [down, across] = shape.threads;
  const [rows, cols] = shape.elements;
  const { sharing } = shape;
  const { memory, loop } =
    sharing.by === "workgroup" ? fromWorkgroup(shape, sharing.depth) : fromBuffers(shape);
  const fours = upTo(cols / 4);
  const sums = upTo(rows).flatMap((i) => fours.map((q) => `var s${i}_${q} = vec4f();`));
  const scales = fours.map((q) => `let f${q} = scale4(first_col + x + ${4 * across * q});`);
  const stores = upTo(rows).flatMap((i) =>
    fours.map((q) => {
      const place = `first_row + y + ${down * i}, first_col + x + ${4 * across * q}`;
      return `store4(${place}, s${i}_${q}, f${q});`;
    }),
  );
  return wgsl(
    `matmul_${rows}x${cols}_${down}x${across}_${sharing.by}`,
    `
const matmul_threads = ${down * across}u;
const tile_rows = ${rows * down}u;
const tile_cols = ${cols * across}u;
${memory}

fn matmul_tile(first_row: u32, first_col: u32, inner: u32, thread: u32) {
  let x = thread % ${across};
  let y = thread / ${across};
  ${lines(sums, "  ")}
  ${loop}
  ${lines([...scales, ...stores], "  ")}
}

fn scale4(col: u32) -> vec4f {
  return vec4f(${upTo(4)
    .map((n) => `scale_of(col + ${n * across})`)
    .join(", ")});
}

fn store4(row: u32, col: u32, sums: vec4f, scales: vec4f) {
  store(row, col, sums.x, scales.x);
  store(row, col + ${across}, sums.y, scales.y);
  store(row, col + ${2 * across}, sums.z, scales.z);
  store(row, col + ${3 * across}, sums.w, scales.w);
}
`,
  );
}

/** Declarations before the function of the tile, and its loop along k. */
interface Body {
  readonly memory: string;
  readonly loop: string;
}

/** All threads copy rows of both operands to workgroup memory, and multiply from there. */
function fromWorkgroup(
  { threads: [down, across], elements: [rows, cols] }: TileShape,
  depth: number,
): Body {
  const stride = depth + 1; // odd, so that rows in workgroup memory start in different banks
  const tiles = [
    { side: "left", first: "first_row", length: rows * down },
    { side: "right", first: "first_col", length: cols * across },
  ];
  const fills = tiles.map(
    ({
      side,
      first,
      length,
    }) => `for (var i = thread; i < ${length * depth}; i += ${down * across}) {
      ${side}_tile[i / ${depth} * ${stride} + i % ${depth}] = load_${side}(${first} + i / ${depth}, k + i % ${depth} * 4);
    }`,
  );
  const memory = tiles.map(
    ({ side, length }) => `var<workgroup> ${side}_tile: array<vec4f, ${length * stride}>;`,
  );
  const products = multiply(
    upTo(rows).map((i) => `left_tile[(y + ${down * i}) * ${stride} + g]`),
    upTo(cols).map((j) => `right_tile[(x + ${across * j}) * ${stride} + g]`),
  );
  return {
    memory: lines(memory, ""),
    loop: `for (var k = 0u; k < inner; k += ${4 * depth}) {
    workgroupBarrier();
    ${lines(fills, "    ")}
    workgroupBarrier();
    let groups = min(${depth}u, (inner - k + 3) / 4);
    for (var g = 0u; g < groups; g++) {
      ${lines(products, "      ")}
    }
  }`,
  };
}

/** Every thread reads its columns. Rows are read by every thread, or each by one lane that broadcasts it to the others. */
function fromBuffers({ threads: [down, across], elements, sharing }: TileShape): Body {
  const [rows, cols] = elements;
  const readRows = upTo(rows / across).map(
    (i) => `let h${i} = load_left(first_row + thread + ${across * i}, k);`,
  );
  const isShared = sharing.by === "subgroup";
  const products = multiply(
    upTo(rows).map((i) =>
      isShared
        ? `subgroupBroadcast(h${Math.floor(i / across)}, ${i % across})`
        : `load_left(first_row + y + ${down * i}, k)`,
    ),
    upTo(cols).map((j) => `load_right(first_col + x + ${across * j}, k)`),
  );
  return {
    memory: "",
    loop: `for (var k = 0u; k < inner; k += 4) {
    ${lines([...(isShared ? readRows : []), ...products], "    ")}
  }`,
  };
}

/** Adds the products of four elements along k, for each row and column. */
function multiply(rows: readonly string[], cols: readonly string[]): readonly string[] {
  const fours = upTo(cols.length / 4);
  const columns = cols.map((column, j) => `let r${j} = ${column};`);
  const transposed = fours.flatMap((q) =>
    [..."xyzw"].map((k) => {
      const parts = upTo(4).map((n) => `r${4 * q + n}.${k}`);
      return `let ${k}${q} = vec4f(${parts.join(", ")});`;
    }),
  );
  const sums = rows.flatMap((row, i) => [
    `let l${i} = ${row};`,
    ...fours.map((q) => {
      const sum = [..."xyzw"].reduce(
        (sum, k) => `fma(vec4f(l${i}.${k}), ${k}${q}, ${sum})`,
        `s${i}_${q}`,
      );
      return `s${i}_${q} = ${sum};`;
    }),
  ]);
  return [...columns, ...transposed, ...sums];
}
