import type { ModelSource } from "@ripvec/core";
import type { ModelModule } from "@ripvec/core/arch";
import { describe, expect, it } from "vitest";
import {
  denseModule,
  normalizeModule,
  poolingModule,
  transformerModule,
} from "./support/modules.js";
import { dense, pool, unit } from "./support/reference.js";
import { largestError, runArch, texts, tolerance } from "./support/run.js";
import { toyArch, toyHidden, toyModel } from "./support/toy-model.js";

const model = toyModel();
const encodings = texts([4, 1, 9, 17], true);
const hidden = encodings.map((encoding) => toyHidden(model, encoding));
const withModules = (...modules: ModelModule[]): ModelSource => ({
  ...model.source,
  modules: [transformerModule, ...modules],
});

describe("pooling", () => {
  const forms = [
    ["cls", "cls", "cls"],
    ["mean", "mean", "mean"],
    ["last", "lasttoken", "last"],
    ["cls, by its new name", { pooling_mode: "cls" }, "cls"],
    ["last, by its new name", { pooling_mode: "lasttoken" }, "last"],
    ["mean, as a list", { pooling_mode: ["mean"] }, "mean"],
    ["mean, from the default", {}, "mean"],
  ] as const;
  it.each(forms)("%s", async (_, config, mode) => {
    const { vectors, loaded } = await runArch(
      toyArch,
      withModules(poolingModule(config)),
      encodings,
    );
    expect(
      largestError(
        vectors,
        hidden.map((rows) => pool(rows, mode)),
      ),
    ).toBeLessThan(tolerance);
    expect(loaded).toMatchObject({ dim: 12, normalized: false });
  });

  it("is the mean, not normalised, without modules.json", async () => {
    const { vectors, loaded } = await runArch(toyArch, model.source, encodings);
    const expected = hidden.map((rows) => pool(rows, "mean"));
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
    expect(loaded.normalized).toBe(false);
  });

  it("may be replaced by an option, also where the files ask for an unknown one", async () => {
    const source = withModules(poolingModule("max"), normalizeModule);
    const { vectors } = await runArch(toyArch, source, encodings, {
      pooling: "cls",
      normalize: false,
    });
    const expected = hidden.map((rows) => pool(rows, "cls"));
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
  });
});

describe("Normalize", () => {
  const expected = hidden.map((rows) => unit(pool(rows, "cls")));
  it("gives unit vectors", async () => {
    const source = withModules(poolingModule("cls"), normalizeModule);
    const { vectors, loaded } = await runArch(toyArch, source, encodings);
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
    expect(loaded.normalized).toBe(true);
  });

  it("may be requested", async () => {
    const source = withModules(poolingModule("cls"));
    const { vectors } = await runArch(toyArch, source, encodings, { normalize: true });
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
  });

  it("is found under the path of newer versions", async () => {
    const renamed = (module: ModelModule, type: string) => ({ ...module, type });
    const source: ModelSource = {
      ...model.source,
      modules: [
        renamed(transformerModule, "sentence_transformers.base.modules.transformer.Transformer"),
        renamed(
          poolingModule({ pooling_mode: "cls" }),
          "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
        ),
        renamed(
          normalizeModule,
          "sentence_transformers.sentence_transformer.modules.normalize.Normalize",
        ),
      ],
    };
    const { vectors } = await runArch(toyArch, source, encodings);
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
  });
});

describe("Dense", () => {
  const identity = { activation_function: "torch.nn.modules.linear.Identity" };
  const same = (x: number) => x;

  it("applies tanh", async () => {
    const { module, tensors } = denseModule(12, 5);
    const { vectors, loaded } = await runArch(
      toyArch,
      withModules(poolingModule("mean"), module),
      encodings,
    );
    const expected = hidden.map((rows) => dense(pool(rows, "mean"), tensors, Math.tanh));
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
    expect(loaded.dim).toBe(5);
  });

  it("chains two, then normalises", async () => {
    const first = denseModule(12, 17, { ...identity, bias: false });
    const second = denseModule(17, 6, {}, 3);
    const source = withModules(
      poolingModule("lasttoken"),
      first.module,
      second.module,
      normalizeModule,
    );
    const { vectors, loaded } = await runArch(toyArch, source, encodings);
    const expected = hidden.map((rows) => {
      const wide = dense(pool(rows, "last"), first.tensors, same);
      return unit(dense(wide, second.tensors, Math.tanh));
    });
    expect(largestError(vectors, expected)).toBeLessThan(tolerance);
    expect(loaded).toMatchObject({ dim: 6, normalized: true });
    expect(loaded.signature).toBe(
      "my-arch/layers=3/heads=2/eps=0.0001/theta=100/window=4/last/dense=17:identity/dense=6:tanh/l2",
    );
  });
});
