import { testArch } from "@ripvec/driver-testkit";
import { describe, expect, it, test } from "vitest";
import { texts } from "../../arch-kit/test/support/run.js";
import { classicBert } from "../src/index.js";
import { archModels, forward } from "./support/arch-models.js";
import { run } from "./support/run.js";
import { tinyModel } from "./support/tiny-model.js";

describe("every family against its definition in f64", () => {
  testArch({ test, arch: classicBert, models: archModels, forward });
});

describe("a batch", () => {
  it("may be empty, and may hold a text without tokens", async () => {
    const { source } = tinyModel({ family: "bert" });
    expect((await run(source, [])).vectors).toEqual([]);
    const { vectors } = await run(source, texts([3, 0, 2]));
    expect(Array.from(vectors[1] ?? [])).toEqual(new Array(12).fill(0));
    expect(vectors[2]?.every(Number.isFinite)).toBe(true);
  });
});
