import type { CaseTable, CaseTensor, OpCase } from "../cases/case.js";
import { sizeOf } from "../cases/draw.js";
import { eightBitProducts } from "../cases/eight-bit-weights.js";
import { gemm } from "../cases/gemm.js";
import { halfProducts } from "../cases/half-weights.js";
import { linear } from "../cases/linear.js";
import { gemmCase, linearCase, oddProducts, type Product } from "../cases/weight-products.js";
import { Random } from "../numbers/random.js";
import type { ErrorBook } from "../run/error-book.js";
import { runCase } from "../run/run-case.js";
import { eightBitNoise } from "./eight-bit-noise.js";
import { type NarrowDType, narrowDTypes, needsWeights, type SuiteTest } from "./suite.js";

type ProductOp = "linear" | "gemm";

/** Products with matrices that are kept in fewer bits: f16 and bf16 as exact as f32, i8 within its steps. */
export function weightSuite(book: ErrorBook): SuiteTest[] {
  return narrowDTypes.flatMap((dtype) => [
    productTest("linear", linear, linearCase, dtype, book),
    productTest("gemm", gemm, gemmCase, dtype, book),
  ]);
}

function productTest<K extends ProductOp>(
  op: K,
  table: CaseTable<K>,
  caseOf: (product: Product) => OpCase<K>,
  dtype: NarrowDType,
  book: ErrorBook,
): SuiteTest {
  return {
    name: `op ${op}, ${dtype} weights`,
    lacks: needsWeights(dtype),
    async run(driver) {
      const by = driver.kernelNames.has(op) ? "kernel" : "composed";
      const own = dtype === "i8" ? eightBitProducts : halfProducts[dtype];
      const cases = [
        ...table.cases.filter((opCase) => fits(opCase, dtype)),
        ...[...oddProducts, ...own].map(caseOf),
      ];
      for (const opCase of cases) {
        const found = await runCase(driver, op, table, opCase, "f32", dtype);
        book.add(op, "f32", by, dtype === "i8" ? { ...found, error: 0 } : found, dtype);
      }
      if (dtype === "i8") book.add(op, "f32", by, await eightBitNoise(driver, op), dtype);
    },
  };
}

/** Has a matrix that is not empty, stored [N, K], whose values the dtype can hold. */
function fits<K extends ProductOp>(opCase: OpCase<K>, dtype: NarrowDType): boolean {
  const args: Readonly<Record<string, unknown>> = opCase.args(new Random(opCase.name));
  const matrix = (args.weight ?? args.b) as CaseTensor;
  const isStored = args.transposeB !== false && sizeOf(matrix.shape) > 0;
  return isStored && !(dtype === "f16" && opCase.f32Only);
}
