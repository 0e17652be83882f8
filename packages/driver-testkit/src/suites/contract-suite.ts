import { type Driver, specVersion } from "@ripvec/core";
import { type Tensor, weightView } from "@ripvec/core/driver";
import { encodeTensor } from "../model/safetensors.js";
import { asConformanceError, expectThat } from "../run/conformance-error.js";
import {
  expectError,
  expectValues,
  floats,
  matrixView,
  oddView,
  project,
} from "./contract-helpers.js";
import { needsClone, type SuiteTest } from "./suite.js";

const weightValues = [1, 2, 3, 4, 5, 6];

/** Lifecycle, recording, weights and errors. */
export const contractSuite: readonly SuiteTest[] = [
  {
    name: "contract: version and capabilities",
    async run(driver) {
      const { dtypes, storageDtypes, maxInFlight, preferredBatchTokens } = driver.capabilities;
      expectThat(driver.specVersion === specVersion, `specVersion is ${driver.specVersion}`);
      expectThat(driver.name.length > 0, "the driver has no name");
      expectThat(dtypes.has("f32"), "dtypes lacks f32");
      for (const dtype of [...dtypes, "i32"] as const) {
        expectThat(storageDtypes.has(dtype), `storageDtypes lacks ${dtype}`);
      }
      expectThat(maxInFlight >= 1 && preferredBatchTokens >= 1, "limits must be 1 or more");
    },
  },
  {
    name: "contract: recording is synchronous, completion is not",
    async run(driver) {
      const order: string[] = [];
      const pass = driver.run((ops) => {
        order.push("record");
        return floats(ops, [1]);
      });
      const settled = pass.then(() => order.push("done"));
      order.push("after run");
      await settled;
      expectThat(order.join() === "record,after run,done", `order was ${order.join(", ")}`);
    },
  },
  {
    name: "contract: submit resolves with the bytes of the result",
    async run(driver) {
      for (const size of [5, 1, 0]) {
        const values = Float32Array.from({ length: size }, (_, i) => i + 1);
        const pass = driver.run((ops) => ops.input(values, [size]));
        const got = await pass.catch((error: unknown) => {
          throw asConformanceError(`a result of ${4 * size} bytes`, error);
        });
        expectValues(got, values, `a result of ${4 * size} bytes`);
      }
    },
  },
  {
    name: "contract: a recording that throws runs nothing",
    async run(driver) {
      const mistake = new Error("mistake");
      const failing = driver.run((ops) => {
        ops.gelu({ x: ops.alloc("f32", [9, 9]), form: "erf", out: ops.alloc("f32", [9, 9]) });
        throw mistake;
      });
      const caught = await failing.catch((error: unknown) => error);
      expectThat(caught === mistake, `rejected with ${String(caught)} and not with the error`);
      expectValues(await driver.run((ops) => floats(ops, [5])), [5], "the pass after it");
    },
  },
  {
    name: "contract: an async recording is refused",
    async run(driver) {
      const record = (async () => undefined) as unknown as () => Tensor;
      await expectError(() => driver.run(record), "ARGUMENT", "async record");
      expectValues(await driver.run((ops) => floats(ops, [5])), [5], "the pass after it");
    },
  },
  {
    name: "contract: arguments may be reused once an op is recorded",
    async run(driver) {
      const got = await driver.run((ops) => {
        const out = ops.alloc("f32", [2, 2]);
        const args = { x: floats(ops, [1, 2]), out: ops.slice(out, 0, [2]) };
        ops.copy(args);
        args.x = floats(ops, [3, 4]);
        args.out = ops.slice(out, 2, [2]);
        ops.copy(args);
        return out;
      });
      const how = "two copies with one object of arguments, which changed in between";
      expectValues(got, [1, 2, 3, 4], how);
    },
  },
  {
    name: "contract: flush changes nothing",
    async run(driver) {
      const got = await driver.run((ops) => {
        const out = floats(ops, [9, 9, 9, 9]);
        for (let i = 0; i < 4; i++) {
          ops.copy({ x: floats(ops, [i]), out: ops.slice(out, i, [1]) });
          ops.flush();
        }
        return out;
      });
      expectValues(got, [0, 1, 2, 3], "a pass flushed after every op");
    },
  },
  {
    name: "contract: tensors of other passes, scopes and drivers are refused",
    async run(driver, createDriver) {
      let kept: Tensor<"f32"> | undefined;
      await driver.run((ops) => {
        kept = floats(ops, [1]);
        return kept;
      });
      const use = (tensor: Tensor | undefined) =>
        driver.run((ops) => {
          const out = ops.alloc("f32", [1]);
          ops.copy({ x: tensor ?? out, out });
          return out;
        });
      await expectError(() => use(kept), "TENSOR_STATE", "a tensor of a pass that ended");
      await expectError(
        () => driver.run((ops) => ops.scope(() => ops.alloc("f32", [1]))),
        "TENSOR_STATE",
        "a tensor whose scope ended",
      );
      const other = await createDriver();
      try {
        const foreign = other.createTensor(matrixView(weightValues, 2), "matrix");
        const mixed = () => driver.run((ops) => project(ops, foreign, [1, 1, 1]));
        await expectError(mixed, "TENSOR_STATE", "a weight of another driver");
      } finally {
        await other.close();
      }
    },
  },
  {
    name: "contract: f32, f16 and bf16 weights serve in every role",
    async run(driver) {
      for (const dtype of ["f32", "f16", "bf16"] as const) {
        const view = oddView(encodeTensor(dtype, [2, 3], Float32Array.from(weightValues), dtype));
        const biasView = oddView(encodeTensor("bias", [2], Float32Array.of(0.5, -0.25), dtype));
        const weight = driver.createTensor(view, "matrix");
        const table = driver.createTensor(view, "table");
        const vector = driver.createTensor(biasView, "vector");
        const got = await driver.run((ops) => {
          const out = ops.alloc("f32", [8]);
          const x = ops.input(Float32Array.of(1, 0, -1), [1, 3]);
          ops.linear({ x, weight, bias: vector, out: ops.slice(out, 0, [1, 2]) });
          const ids = ops.input(Int32Array.of(1, 0), [2]);
          ops.embedding_lookup({ table, ids, out: ops.slice(out, 2, [2, 3]) });
          return out;
        });
        expectValues(got, [-1.5, -2.25, 4, 5, 6, 1, 2, 3], `${dtype} weights`);
      }
    },
  },
  {
    name: "contract: a released weight is refused, and the others remain usable",
    async run(driver) {
      const kept = driver.createTensor(matrixView(weightValues, 2), "matrix");
      for (let round = 0; round < 20; round++) {
        const view = weightView("big", [64, 1024], new Float32Array(64 * 1024).fill(round));
        const weight = driver.createTensor(view, "matrix");
        const ones = Array.from({ length: 1024 }, () => 1);
        const got = await driver.run((ops) => project(ops, weight, ones));
        expectThat(got[63] === 1024 * round, `round ${round}: ${got[63]}`);
        driver.releaseTensor(weight);
        driver.releaseTensor(weight);
        const use = () => driver.run((ops) => project(ops, weight, ones));
        await expectError(use, "TENSOR_STATE", "a released weight");
      }
      expectValues(await driver.run((ops) => project(ops, kept, [1, 1, 1])), [6, 15], "kept");
    },
  },
  {
    name: "contract: a weight released after a pass was submitted serves that pass",
    async run(driver) {
      const passes = Array.from({ length: 8 }, (_, round) => {
        const values = new Float32Array(256 * 256).fill(round);
        const weight = driver.createTensor(weightView("big", [256, 256], values), "matrix");
        const ones = Array.from({ length: 256 }, () => 1);
        const pass = driver.run((ops) => project(ops, weight, ones));
        driver.releaseTensor(weight);
        return pass;
      });
      for (const [round, got] of (await Promise.all(passes)).entries()) {
        const want = new Float32Array(256).fill(256 * round);
        expectValues(got, want, `the pass of round ${round}`);
      }
    },
  },
  {
    name: "contract: close waits, may be called twice, and ends everything",
    async run(driver) {
      const weight = driver.createTensor(matrixView(weightValues, 2), "matrix");
      const passes = [1, 2, 3].map((x) => driver.run((ops) => project(ops, weight, [x, 0, 0])));
      const closing = [driver.close(), driver.close()];
      expectThat(driver.closed, "closed is false after close()");
      const results = await Promise.all(passes);
      results.forEach((result, i) => {
        expectValues(result, [i + 1, 4 * (i + 1)], `pass ${i} in flight`);
      });
      await Promise.all(closing);
      await driver.close();
      await expectError(() => driver.run((ops) => floats(ops, [1])), "CLOSED", "run");
      const view = matrixView(weightValues, 2);
      await expectError(() => driver.createTensor(view, "matrix"), "CLOSED", "createTensor");
      await expectError(() => driver.clone(), "CLOSED", "clone");
    },
  },
  {
    name: "contract: an unused driver can be closed",
    async run(_driver, createDriver) {
      await (await createDriver()).close();
    },
  },
  {
    name: "contract: clone, or say that it is unsupported",
    async run(driver) {
      if (driver.supportsClone) await driver.clone().close();
      else await expectError(() => driver.clone(), "UNSUPPORTED", "clone");
    },
  },
  {
    name: "contract: weights outlive the driver that made them while a clone lives",
    lacks: needsClone,
    async run(driver) {
      const weight = driver.createTensor(matrixView(weightValues, 2), "matrix");
      const clone = driver.clone();
      const grandchild = clone.clone();
      const late = clone.createTensor(matrixView([1, 0, 0, 1], 2), "matrix");
      await Promise.all([driver.close(), clone.close()]);
      try {
        await expectProjection(grandchild, weight, [1, 1, 1], [6, 15]);
        await expectProjection(grandchild, late, [7, 8], [7, 8]);
      } finally {
        await grandchild.close();
      }
    },
  },
];

async function expectProjection(
  driver: Driver,
  weight: Tensor,
  x: readonly number[],
  want: readonly number[],
): Promise<void> {
  expectValues(await driver.run((ops) => project(ops, weight, x)), want, "a weight on a clone");
}
