import type { WeightDType } from "@ripvec/core";
import { createDriver, type TensorRole, type WeightView } from "@ripvec/core/driver";
import { expect, test } from "vitest";
import { templateKernels } from "../src/generated/template-kernels.js";
import { eightBitRows } from "../src/numbers/kept-weights.js";
import { ErrorBook } from "../src/run/error-book.js";
import { runTest } from "../src/run/run-test.js";
import type { Kernel, Memory } from "../src/template/kernel.js";
import { add_embeddings } from "../src/template/ops/add_embeddings.js";
import { TemplateImplementation } from "../src/template/template-driver.js";
import { allTests } from "../src/test-driver.js";

/** A template driver that also keeps the values and scales of its tables. */
class WithScales extends TemplateImplementation {
  override createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Memory {
    const memory = super.createWeight(view, role, dtype);
    const isTable = role === "table" && dtype === "i8";
    return isTable ? { ...memory, eightBit: eightBitRows(view) } : memory;
  }
}

test("a driver that multiplies by the scale and adds with one rounding passes", async () => {
  let differing = 0;
  const addAtOnce: Kernel<"add_embeddings"> = (args) => {
    const { x, table, ids, out } = args;
    const { eightBit } = table;
    if (!eightBit) return add_embeddings(args);
    const cols = table.shape[1] ?? 0;
    x.data.forEach((left, i) => {
      const row = ids.data[Math.floor(i / cols)] ?? 0;
      const product = (eightBit.values[row * cols + (i % cols)] ?? 0) * (eightBit.scales[row] ?? 0);
      const sum = Math.fround(left + product);
      if (sum !== Math.fround(left + Math.fround(product))) differing += 1;
      out.data[i] = sum;
    });
  };
  const kernels = { ...templateKernels, add_embeddings: addAtOnce };
  const suiteTest = allTests(new ErrorBook()).find(
    ({ name }) => name === "op add_embeddings, i8 weights",
  );
  if (!suiteTest) throw new Error("the kit has no test of add_embeddings in i8");
  await runTest(suiteTest, () => createDriver(new WithScales(kernels, {})));
  expect(differing).toBeGreaterThan(0);
});
