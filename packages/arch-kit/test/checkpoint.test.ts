import { templateDriver } from "@ripvec/driver-testkit";
import { describe, expect, it } from "vitest";
import { Checkpoint, planAll, planNothing } from "../src/index.js";
import { type Tensors, weightSource } from "./support/checkpoint.js";
import { nullDriver } from "./support/null-driver.js";

const tensors = (shapes: Readonly<Record<string, readonly number[]>>): Tensors =>
  new Map(
    Object.entries(shapes).map(([name, shape], t) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      return [name, { shape, data: Float32Array.from({ length: size }, (_, i) => 10 * t + i) }];
    }),
  );
const checkpointOf = (shapes: Readonly<Record<string, readonly number[]>>) =>
  new Checkpoint(weightSource(tensors(shapes)));

describe("prefixes", () => {
  const both = { "model.words.weight": [2, 2], "words.weight": [3, 2] };

  it("are tried in order", () => {
    const checkpoint = checkpointOf(both);
    const first = checkpoint.under(["encoder.", "model.", ""], "words.weight");
    expect(() => first.table("words", 2, 2)).not.toThrow();
    const second = checkpoint.under(["", "model."], "words.weight");
    expect(() => second.table("words", 3, 2)).not.toThrow();
  });

  it("are concatenated, and the last one is used where none fits", () => {
    const inner = checkpointOf(both).under(["model."], "words.weight");
    expect(() => inner.under(["text.", "language."], "words.weight").table("words", 2, 2)).toThrow(
      expect.objectContaining({ tensor: "model.language.words.weight" }),
    );
  });
});

describe("linear layers", () => {
  const grouped = { "q.weight": [4, 3], "k.weight": [2, 3], "v.weight": [2, 3], "q.bias": [4] };
  const parts = [
    { name: "q", outputs: 4 },
    { name: "k", outputs: 2 },
    { name: "v", outputs: 2 },
  ];

  it("are stacked in order, whatever their heights", async () => {
    await using driver = templateDriver();
    const plan = checkpointOf(grouped).stackedLinear(parts, 3, { hasBias: false });
    const { weight, bias } = plan(driver);
    expect(bias).toBeUndefined();
    const product = await driver.run((ops) => {
      const x = ops.input(new Float32Array([1, 0, 0]), [1, 3]);
      const out = ops.alloc("f32", [1, 8]);
      ops.linear({ x, weight, out });
      return out;
    });
    expect([...product]).toEqual([0, 3, 6, 9, 10, 13, 20, 23]);
  });

  it("must have their biases unless they are declared to have none", () => {
    expect(() => checkpointOf(grouped).stackedLinear(parts, 3)).toThrow(
      expect.objectContaining({ code: "MODEL_FILE", tensor: "k.bias" }),
    );
  });

  it("are refused with the name of the part that does not fit", () => {
    const wrong = [
      { name: "q", outputs: 4 },
      { name: "k", outputs: 4 },
    ];
    expect(() => checkpointOf(grouped).stackedLinear(wrong, 3, { hasBias: false })).toThrow(
      expect.objectContaining({ tensor: "k.weight" }),
    );
  });
});

it("norms have no bias if they are declared to have none, also under old names", () => {
  const { driver, log } = nullDriver();
  const checkpoint = checkpointOf({ "a.weight": [3], "b.gamma": [3] });
  for (const name of ["a", "b"]) {
    const norm = checkpoint.layerNorm(name, 3, { hasBias: false })(driver);
    expect(Object.keys(norm)).toEqual(["weight"]);
  }
  expect(log.created.map(([name]) => name)).toEqual(["a.weight", "b.gamma"]);
  expect(() => checkpoint.layerNorm("a", 3)).toThrow(expect.objectContaining({ tensor: "a.bias" }));
});

it("plans create nothing before they get a driver, and then everything in order", () => {
  const { driver, log } = nullDriver();
  const checkpoint = checkpointOf({ "b.weight": [2, 2], "a.weight": [2, 2], scale: [1, 2, 2] });
  const plan = planAll({
    second: checkpoint.linear("b", 2, 2, { hasBias: false }),
    first: checkpoint.table("a", 2, 2),
    scale: checkpoint.vector("scale", [1, 2, 2]),
    nothing: planNothing,
  });
  expect(log.weights).toBe(0);
  expect(plan(driver)).toMatchObject({ scale: { shape: [1, 2, 2] }, nothing: undefined });
  expect(log.created.map(([name]) => name)).toEqual(["b.weight", "a.weight", "scale"]);
});

it("the dtype of weights is that of its matrices, below every prefix, and not that of tables", () => {
  const { driver } = nullDriver();
  const source = weightSource(tensors({ "m.a.weight": [2, 2], "m.t.weight": [2, 2] }));
  const checkpoint = new Checkpoint(source, "bf16");
  const below = checkpoint.under(["m."], "a.weight");
  below.table("t", 2, 2)(driver);
  expect(checkpoint.weightDtype).toBe("f32");
  below.linear("a", 2, 2, { hasBias: false })(driver);
  expect(checkpoint.weightDtype).toBe("bf16");
});
