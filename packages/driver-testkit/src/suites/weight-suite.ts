import type { ActivationDType } from "@ripvec/core";
import { sizeOf } from "@ripvec/core/driver";
import { add_embeddings } from "../cases/add_embeddings.js";
import type { CaseTable, CaseTensor, OpCase } from "../cases/case.js";
import { eightBitProducts } from "../cases/eight-bit-weights.js";
import { embedding_lookup } from "../cases/embedding_lookup.js";
import { gemm } from "../cases/gemm.js";
import { halfProducts } from "../cases/half-weights.js";
import {
  addCase,
  type KeptTable,
  keptTables,
  lookupCase,
  oddTables,
} from "../cases/kept-tables.js";
import { linear } from "../cases/linear.js";
import { gemmCase, linearCase, oddProducts, type Product } from "../cases/weight-products.js";
import { Random } from "../numbers/random.js";
import type { ErrorBook } from "../run/error-book.js";
import { runCase } from "../run/run-case.js";
import { eightBitNoise } from "./eight-bit-noise.js";
import { type NarrowDType, narrowDTypes, needsF16, needsWeights, type SuiteTest } from "./suite.js";

type ProductOp = "linear" | "gemm";
type TableOp = "embedding_lookup" | "add_embeddings";

/**
 * Tests of weights that are kept in fewer bits. Products with matrices in f16 and bf16 must be as exact as in f32, and
 * in i8 within half a step for each factor. Rows of tables must be exact.
 */
export function weightSuite(book: ErrorBook): SuiteTest[] {
  return narrowDTypes.flatMap((dtype) =>
    (["f32", "f16"] as const).flatMap((activations) => [
      productTest({ op: "linear", table: linear, caseOf: linearCase }, dtype, activations, book),
      productTest({ op: "gemm", table: gemm, caseOf: gemmCase }, dtype, activations, book),
      tableTest("embedding_lookup", embedding_lookup, lookupCase, dtype, activations, book),
      tableTest("add_embeddings", add_embeddings, addCase, dtype, activations, book),
    ]),
  );
}

interface ProductTable<K extends ProductOp> {
  readonly op: K;
  readonly table: CaseTable<K>;
  readonly caseOf: (product: Product) => OpCase<K>;
}

function productTest<K extends ProductOp>(
  products: ProductTable<K>,
  dtype: NarrowDType,
  activations: ActivationDType,
  book: ErrorBook,
): SuiteTest {
  const { op, table } = products;
  return {
    ...nameAndNeeds(op, dtype, activations),
    async run(driver) {
      const by = driver.kernelNames.has(op) ? "kernel" : "composed";
      for (const opCase of casesOf(products, dtype, activations)) {
        const found = await runCase(driver, op, table, opCase, activations, dtype);
        book.add(op, activations, by, dtype === "i8" ? { ...found, error: 0 } : found, dtype);
      }
      if (dtype !== "i8" || activations !== "f32") return;
      book.add(op, activations, by, await eightBitNoise(driver, op), dtype);
    },
  };
}

function tableTest<K extends TableOp>(
  op: K,
  { tolerance }: CaseTable<K>,
  caseOf: (kept: KeptTable) => OpCase<K>,
  dtype: NarrowDType,
  activations: ActivationDType,
  book: ErrorBook,
): SuiteTest {
  const tables = activations === "f32" ? [...oddTables, ...keptTables[dtype]] : oddTables;
  return {
    ...nameAndNeeds(op, dtype, activations),
    async run(driver) {
      const by = driver.kernelNames.has(op) ? "kernel" : "composed";
      for (const opCase of tables.map(caseOf)) {
        const found = await runCase(
          driver,
          op,
          { tolerance, cases: [] },
          opCase,
          activations,
          dtype,
        );
        book.add(op, activations, by, found, dtype);
      }
    },
  };
}

function nameAndNeeds(
  op: ProductOp | TableOp,
  dtype: NarrowDType,
  activations: ActivationDType,
): Pick<SuiteTest, "name" | "lacks"> {
  return {
    name: `op ${op}, ${dtype} weights${activations === "f32" ? "" : `, ${activations}`}`,
    lacks: (driver) =>
      (activations === "f16" ? needsF16(driver) : undefined) ?? needsWeights(dtype)(driver),
  };
}

/** The dtype's own cases come first, since they find most mistakes. They have values beyond f16 activations. */
function casesOf<K extends ProductOp>(
  { table, caseOf }: ProductTable<K>,
  dtype: NarrowDType,
  activations: ActivationDType,
): OpCase<K>[] {
  const own = dtype === "i8" ? eightBitProducts : halfProducts[dtype];
  const products = activations === "f32" ? [...own, ...oddProducts] : oddProducts;
  const isNarrow = dtype === "f16" || activations === "f16";
  const ofTable = table.cases.filter(
    (opCase) => hasStoredMatrix(opCase) && !(isNarrow && opCase.f32Only),
  );
  return [...products.map(caseOf), ...ofTable];
}

/** Whether the case has a matrix that is not empty and has the shape [N, K] of a weight. */
function hasStoredMatrix<K extends ProductOp>(opCase: OpCase<K>): boolean {
  const args: Readonly<Record<string, unknown>> = opCase.args(new Random(opCase.name));
  const matrix = (args.weight ?? args.b) as CaseTensor;
  return args.transposeB !== false && sizeOf(matrix.shape) > 0;
}
