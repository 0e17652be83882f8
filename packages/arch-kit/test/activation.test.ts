import { weightView } from "@ripvec/core/arch";
import { referenceDriver } from "@ripvec/driver-testkit";
import { expect, test } from "vitest";
import {
  type Activation,
  activate,
  activationSignature,
  applyLinear,
  JsonFields,
  readActivation,
} from "../src/index.js";
import { geluForms } from "./support/reference.js";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const functions: Record<Activation, (x: number) => number> = {
  gelu: geluForms.erf,
  gelu_tanh: geluForms.tanh,
  identity: (x) => x,
  relu: (x) => Math.max(0, x),
  sigmoid,
  silu: (x) => x * sigmoid(x),
  tanh: Math.tanh,
};
const all = Object.entries(functions) as [Activation, (x: number) => number][];
const values = [-7, -2.5, -1, -0.25, 0, 0.125, 0.75, 1, 3, 9];

test.each(all)("%s is its function of each element", async (activation, expected) => {
  await using driver = referenceDriver();
  const result = await driver.run((ops) => {
    const x = ops.alloc("f32", [2, 5]);
    ops.copy({ x: ops.input(new Float32Array(values), [2, 5]), out: x });
    return activate(ops, activation, x);
  });
  // Results are rounded to f32.
  values.forEach((x, i) => {
    expect(result[i], `of ${x}`).toBeCloseTo(expected(x), 6);
  });
});

test.each(all)("%s follows a linear layer", async (activation, expected) => {
  await using driver = referenceDriver();
  const view = (shape: readonly number[], data: number[]) =>
    weightView("linear", shape, new Float32Array(data));
  const weight = driver.createTensor(view([2, 2], [1, 2, -3, 0.5]), "matrix");
  const bias = driver.createTensor(view([2], [0.25, -0.5]), "vector");
  const result = await driver.run((ops) => {
    const x = ops.input(new Float32Array([1, -1, 0.5, 2]), [2, 2]);
    return applyLinear(ops, { weight, bias }, x, ops.alloc("f32", [2, 2]), activation);
  });
  [-0.75, -4, 4.75, -1].forEach((x, i) => {
    expect(result[i]).toBeCloseTo(expected(x), 6);
  });
});

test("names of transformers are read, and others are refused by name", () => {
  const json = new JsonFields("m/config.json", { a: "gelu_pytorch_tanh", b: "swish", c: "xielu" });
  expect(["a", "b"].map((key) => readActivation(json, key))).toEqual(["gelu_tanh", "silu"]);
  expect(readActivation(json, "absent", "relu")).toBe("relu");
  expect(() => readActivation(json, "c")).toThrow('unsupported c "xielu"; supported: gelu, ');
});

test("the form of a GELU is in a signature", () => {
  const names = (["gelu", "gelu_tanh", "relu"] as const).map(activationSignature);
  expect(names).toEqual(["gelu=erf", "gelu=tanh", "act=relu"]);
});
