import type { Driver } from "@ripvec/core";
import { concatRows, openSafetensors, sliceRows, toF32 } from "@ripvec/core/arch";
import { type Ops, type Tensor, type WeightView, weightView } from "@ripvec/core/driver";
import { keptTables, oddTables } from "../cases/kept-tables.js";
import { eightBitTensor, encodeTensor, safetensorsFile } from "../model/safetensors.js";
import { keptValues } from "../numbers/kept-weights.js";
import { Random } from "../numbers/random.js";
import { expectThat } from "../run/conformance-error.js";
import { expectValues, lookUp, oddView } from "./contract-helpers.js";
import { type KeptRole, keptRoles, needsWeights, type SuiteTest } from "./suite.js";

/** Tests of weights that a checkpoint holds in 8 bits, with a scale for each row. */
export const eightBitViewsSuite: readonly SuiteTest[] = [
  ...keptRoles.map((role) => ({
    name: `weights: a ${role} has the bits of one quantised from floats, i8 weights`,
    lacks: needsWeights("i8"),
    run: (driver: Driver) => sameAsFromFloats(driver, role),
  })),
  ...keptRoles.map((role) => ({
    name: `weights: a ${role} keeps the values and scales of its view, i8 weights`,
    lacks: needsWeights("i8"),
    run: (driver: Driver) => keepsValues(driver, role),
  })),
  ...keptRoles.map((role) => ({
    name: `weights: stacked and cut views of a ${role} keep their scales, i8 weights`,
    lacks: needsWeights("i8"),
    run: (driver: Driver) => keepsScalesOfParts(driver, role),
  })),
  { name: "weights: views of 8 bits serve in every other dtype", run: servesInOtherDTypes },
  { name: "weights: what is kept when no dtype is asked for", run: keepsDefaults },
];

/** All rows of a table, or the product of a matrix with three rows. */
function readAll(ops: Ops, role: KeptRole, weight: Tensor): Tensor<"f32"> {
  const [rows = 0, cols = 0] = weight.shape;
  if (role === "table") return lookUp(ops, weight, [...Array(rows).keys()]);
  const x = ops.input(new Random("three rows").normals(3 * cols), [3, cols]);
  const out = ops.alloc("f32", [3, rows]);
  ops.linear({ x, weight, out });
  return out;
}

async function bitsOf(driver: Driver, view: WeightView, role: KeptRole): Promise<Float32Array> {
  const weight = driver.createTensor(view, role, { dtype: "i8" });
  try {
    return await driver.run((ops) => readAll(ops, role, weight));
  } finally {
    driver.releaseTensor(weight);
  }
}

async function sameAsFromFloats(driver: Driver, role: KeptRole): Promise<void> {
  for (const { name, table } of [...oddTables, ...keptTables.i8]) {
    const { shape, values = [] } = table(new Random(`view ${name}`));
    const floats = Float32Array.from(values);
    const want = await bitsOf(driver, weightView("w", shape, floats), role);
    for (const [where, view] of viewsOf(shape, floats)) {
      expectValues(await bitsOf(driver, view, role), want, `${name}, from ${where}`);
    }
  }
}

/** The same tensor in 8 bits in several forms: at odd addresses, with scales [rows], and from a file. */
function viewsOf(
  shape: readonly number[],
  floats: Float32Array,
): readonly (readonly [where: string, view: WeightView])[] {
  const tensor = encodeTensor("w", shape, floats, "i8");
  const odd = oddView(tensor);
  const scales = odd.scales && { ...odd.scales, shape: [shape[0] ?? 0] };
  return [
    ["memory at odd addresses", odd],
    ["a view with scales [rows]", { ...odd, scales }],
    ["a safetensors file", fromFile(safetensorsFile([tensor]))],
  ];
}

function fromFile(file: Uint8Array): WeightView {
  const source = openSafetensors({
    path: "memory.safetensors",
    byteLength: file.byteLength,
    read: (from, byteLength) => file.subarray(from, from + byteLength),
    local: false,
    hash: async () => "",
  });
  return source.get("w");
}

/** Rows that quantisation never gives, by their largest magnitude and scale. */
const strange: readonly (readonly [most: number, scale: number])[] = [
  [128, 1e-3],
  [100, 0.7],
  [3, 1e-20],
  [1, 3e17],
  [128, 1 / 3],
  [0, 0],
  // A scale that changes when it is multiplied by 127 and divided again.
  [127, 1.0078811645507812],
];

function strangeRows(): WeightView {
  const [rows, cols] = [3 * strange.length, 35];
  const random = new Random("strange rows");
  const of = (row: number) => strange[row % strange.length] ?? [0, 0];
  const values = Int8Array.from({ length: rows * cols }, (_, i) => {
    const [most] = of(Math.floor(i / cols));
    return i % cols === 1 ? -most : random.integer(2 * most) - most;
  });
  const scales = Float32Array.from({ length: rows }, (_, row) => of(row)[1]);
  return oddView(eightBitTensor("strange", [rows, cols], { values, scales }));
}

/** The relative error of a product with a row of the identity: roundings of the scales and of the result. */
const fewRoundings = 1e-6;

async function keepsValues(driver: Driver, role: KeptRole): Promise<void> {
  const view = strangeRows();
  const want = keptValues(view, "i8");
  if (role === "table") {
    expectValues(await bitsOf(driver, view, role), want, "rows as they are in the view");
    return;
  }
  const [rows = 0, cols = 0] = view.shape;
  const weight = driver.createTensor(view, role, { dtype: "i8" });
  const got = await driver.run((ops) => {
    const identity = Float32Array.from({ length: cols * cols }, (_, i) => +(i % (cols + 1) === 0));
    const out = ops.alloc("f32", [cols, rows]);
    ops.linear({ x: ops.input(identity, [cols, cols]), weight, out });
    return out;
  });
  want.forEach((value, i) => {
    const [r, c] = [Math.floor(i / cols), i % cols];
    const found = got[c * rows + r] ?? Number.NaN;
    expectThat(Math.abs(found - value) <= Math.abs(value) * fewRoundings, () => {
      return `weight [${r}, ${c}] is ${found}, expected ${value}`;
    });
  });
}

/** The way in which queries, keys and values are stacked, and the first rows of position tables are cut off. */
async function keepsScalesOfParts(driver: Driver, role: KeptRole): Promise<void> {
  const cols = 33;
  const parts = [0.05, 3, 1e-4].map((deviation, i) => {
    const floats = new Random(`part ${i}`).normals((5 + i) * cols, deviation);
    const shape = [5 + i, cols];
    const name = `part ${i}`;
    return {
      floats: weightView(name, shape, floats),
      eightBit: oddView(encodeTensor(name, shape, floats, "i8")),
    };
  });
  const floats = concatRows(
    "stacked",
    parts.map((part) => part.floats),
  );
  const eightBit = concatRows(
    "stacked",
    parts.map((part) => part.eightBit),
  );
  for (const from of [0, 2, 7]) {
    const want = await bitsOf(driver, sliceRows(floats, from), role);
    const got = await bitsOf(driver, sliceRows(eightBit, from), role);
    expectValues(got, want, `three parts stacked, without ${from} rows`);
  }
}

async function servesInOtherDTypes(driver: Driver): Promise<void> {
  const [rows, cols] = [7, 13];
  const values = new Random("other dtypes").normals(rows * cols, 0.05);
  const view = oddView(encodeTensor("w", [rows, cols], values, "i8"));
  const floats = weightView("w", [rows, cols], toF32(view));
  for (const dtype of driver.capabilities.weightDtypes) {
    for (const role of keptRoles) {
      const read = (from: WeightView) => {
        const weight = driver.createTensor(from, role, { dtype });
        return driver.run((ops) => readAll(ops, role, weight));
      };
      const got = await read(view);
      expectValues(got, await read(floats), `a ${role} of 8 bits, kept in ${dtype}`);
    }
  }
}

async function keepsDefaults(driver: Driver): Promise<void> {
  const { weightDtypes } = driver.capabilities;
  const [rows, cols] = [7, 13];
  const values = new Random("defaults").normals(rows * cols, 0.05);
  for (const stored of ["f32", "f16", "bf16", "i8"] as const) {
    const view = oddView(encodeTensor("w", [rows, cols], values, stored));
    const whereItCan = weightDtypes.has(stored) ? stored : "f32";
    const matrix = driver.createTensor(view, "matrix");
    const table = driver.createTensor(view, "table");
    const wanted = [stored === "i8" ? whereItCan : "f32", whereItCan];
    const found = [matrix.dtype, table.dtype];
    expectThat(
      found.join() === wanted.join(),
      `a matrix and a table from ${stored} are kept in ${found}, expected ${wanted}`,
    );
    const got = await driver.run((ops) => readAll(ops, "table", table));
    expectValues(got, toF32(view), `a table from ${stored}`);
  }
}
