import type { Driver } from "@ripvec/core";
import type { OpName, Ops, Tensor } from "@ripvec/core/driver";
import type { CaseTable, OpCase } from "../cases/case.js";
import { ids, normal, output } from "../cases/draw.js";
import { sums } from "../cases/tolerances.js";
import { caseTables } from "../generated/case-tables.js";
import { Random } from "../numbers/random.js";
import { expectThat } from "../run/conformance-error.js";
import { runCase } from "../run/run-case.js";
import { expectSameBits } from "./model-suite.js";
import { needsClone, type SuiteTest } from "./suite.js";
import { randomTexts, TinyEncoder } from "./tiny-encoder.js";

/** Row counts at which grids of workgroups wrap. The rows are narrow, so that the cases stay cheap. */
const manyRows = [3641, 4097, 7281, 65537];

/** Tests with many passes, many passes in flight, and many rows. */
export const stressSuite: readonly SuiteTest[] = [
  {
    name: "stress: passes in flight together don't mix",
    run: (driver) => mixedPasses([driver], 60),
  },
  {
    name: "stress: clones in flight together don't mix",
    lacks: needsClone,
    async run(driver) {
      const clones = [driver.clone(), driver.clone()];
      try {
        await mixedPasses([driver, ...clones], 60);
      } finally {
        await Promise.all(clones.map((clone) => clone.close()));
      }
    },
  },
  {
    name: "stress: hundreds of passes of changing sizes",
    async run(driver) {
      const encoder = TinyEncoder.create(driver);
      const texts = randomTexts(
        "stress",
        Array.from({ length: 24 }, (_, i) => 1 + ((i * 17) % 60)),
      );
      const want = await encoder.embed(texts);
      const random = new Random("stress passes");
      for (let pass = 0; pass < 120; pass++) {
        const chosen = random.integers(1 + random.integer(4), texts.length);
        const vectors = await encoder.embed([...chosen].map((i) => texts[i] ?? { ids: [] }));
        chosen.forEach((i, at) => {
          expectSameBits(vectors[at], want[i], `pass ${pass}, text ${i}`);
        });
      }
    },
  },
  ...manyRows.map((rows) => ({
    name: `stress: ${rows} rows are all written`,
    run: (driver: Driver) => everyRow(driver, rows),
  })),
  {
    name: "stress: 1500 sequences in one batch",
    async run(driver) {
      const random = new Random("sequences");
      const lengths = [...random.integers(1500, 6)];
      const tokens = lengths.reduce((sum, length) => sum + length, 0);
      await one(driver, "mean_pool", {
        name: "1500 sequences",
        args: (draw) => ({ x: normal(draw, [tokens, 5]), layout: lengths, out: output([1500, 5]) }),
        tolerance: sums(6),
      });
      await one(driver, "attention", {
        name: "1500 sequences",
        args: (draw) => ({
          qkv: normal(draw, [tokens, 12]),
          layout: lengths,
          heads: 2,
          headDim: 2,
          scale: 0.7,
          out: output([tokens, 4]),
        }),
        tolerance: sums(60),
      });
    },
  },
];

async function everyRow(driver: Driver, rows: number): Promise<void> {
  const shape = [rows, 3];
  const matrix = (draw: Random) => normal(draw, shape);
  await one(driver, "linear", {
    name: `${rows} rows`,
    args: (draw) => ({ x: matrix(draw), weight: normal(draw, [5, 3]), out: output([rows, 5]) }),
    tolerance: sums(3),
  });
  await one(driver, "layer_norm", {
    name: `${rows} rows`,
    args: (draw) => ({ x: matrix(draw), weight: normal(draw, [3]), eps: 1e-3, out: output(shape) }),
  });
  await one(driver, "gelu", {
    name: `${rows} rows`,
    args: (draw) => ({ x: matrix(draw), form: "erf" as const, out: output(shape) }),
  });
  await one(driver, "embedding_lookup", {
    name: `${rows} rows`,
    args: (draw) => ({ table: normal(draw, [9, 3]), ids: ids(draw, rows, 9), out: output(shape) }),
  });
  await one(driver, "l2_normalize", {
    name: `${rows} rows`,
    args: (draw) => ({ x: matrix(draw), out: output(shape) }),
  });
}

async function one<K extends OpName>(driver: Driver, op: K, opCase: OpCase<K>): Promise<void> {
  await runCase(driver, op, caseTables[op] as CaseTable<K>, opCase, "f32");
}

/** Each pass has its own factor and size. All are submitted before one is awaited. */
async function mixedPasses(drivers: readonly Driver[], count: number): Promise<void> {
  const passes = Array.from({ length: count }, (_, pass) => {
    const size = 1 + ((pass * 37) % 501);
    const driver = drivers[pass % drivers.length] as Driver;
    return driver.run((ops) => timesPass(ops, size, pass), { poison: true });
  });
  const results = await Promise.all(passes);
  results.forEach((result, pass) => {
    expectThat(result.length === 1 + ((pass * 37) % 501), `pass ${pass} has another's size`);
    result.forEach((value, i) => {
      const want = 4 * (i + 1) * (pass + 1);
      expectThat(value === want, `pass ${pass}, element ${i}: ${value}, expected ${want}`);
    });
  });
}

function timesPass(ops: Ops, size: number, pass: number): Tensor<"f32"> {
  const counted = Float32Array.from({ length: size }, (_, i) => (i + 1) * (pass + 1));
  let x: Tensor<"f32"> = ops.input(counted, [1, size]);
  for (let step = 0; step < 2; step++) {
    const out = ops.alloc("f32", [1, size]);
    ops.residual_add({ x, residual: x, out });
    x = out;
  }
  return x;
}
