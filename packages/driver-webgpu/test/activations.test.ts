import { classicBert } from "@ripvec/arch-classic-bert";
import {
  type ActivationDType,
  type Encoding,
  GenericBackend,
  type ModelSource,
  type Pooling,
} from "@ripvec/core";
import { type ModelSpec, makeModel, Random } from "@ripvec/driver-testkit";
import { openModel } from "@ripvec/hub";
import { directory } from "@ripvec/model-all-minilm-l6-v2";
import { expect, type TestContext, test, vi } from "vitest";
import { farthestAngle } from "../../arch-classic-bert/test/support/angle.js";
import { overflows } from "../../arch-classic-bert/test/support/overflows.js";
import { driverOn, sharedDevice } from "./support/drivers.js";
import { describeNodeTargets, type NodeTarget } from "./support/targets.js";

const geometry = {
  seed: 4,
  layers: 6,
  hidden: 96,
  heads: 4,
  intermediate: 200,
  vocabSize: 300,
  maxPositions: 160,
  normalize: true,
} as const;

const specs: readonly ModelSpec[] = [
  { ...geometry, family: "bert", pooling: "cls" },
  { ...geometry, family: "roberta", pooling: "mean", act: "gelu_new" },
  { ...geometry, family: "distilbert", pooling: "last", act: "relu" },
  { ...geometry, family: "electra", embeddingSize: 48, dense: { out: 32, activation: "tanh" } },
];

/** Largest 1 − cos between vectors with activations in f16 and in f32. Measured: up to 1.3e-6 here, 7e-7 in MiniLM. */
const largestAngle = 1e-5;
/** Roundings to f16 turn a vector by more than this, and those to f32 by less. */
const leastAngle = 1e-9;

/** On a software adapter, compiling each kernel takes seconds. */
vi.setConfig({ testTimeout: 600_000 });

interface Options {
  readonly activations: ActivationDType;
  readonly pooling?: Pooling | undefined;
}

async function embed(
  target: NodeTarget,
  model: ModelSource,
  encodings: readonly Encoding[],
  options: Options,
): Promise<Float32Array[]> {
  const driver = await driverOn(target);
  const limits = { maxBatchTokens: 256 };
  await using backend = await GenericBackend.create({
    driver,
    arch: classicBert,
    model,
    ...options,
    ...limits,
  });
  return await backend.embedBatch(encodings);
}

async function expectCloseInF16(
  target: NodeTarget,
  model: ModelSource,
  encodings: readonly Encoding[],
): Promise<void> {
  const f16 = await embed(target, model, encodings, { activations: "f16" });
  const f32 = await embed(target, model, encodings, { activations: "f32" });
  expect(f16).toHaveLength(encodings.length);
  const angle = farthestAngle(f16, f32);
  expect(angle).toBeLessThan(largestAngle);
  expect(angle).toBeGreaterThan(leastAngle);
}

async function needF16(target: NodeTarget, { skip }: TestContext): Promise<void> {
  const { features } = await sharedDevice(target);
  if (!features.has("shader-f16")) skip("the adapter lacks shader-f16");
}

describeNodeTargets((target) => {
  test("f16 is refused where the adapter lacks it", async ({ skip }) => {
    const { features } = await sharedDevice(target);
    if (features.has("shader-f16")) skip("the adapter has shader-f16");
    const { source } = makeModel({ ...geometry, family: "bert" });
    await expect(embed(target, source, [], { activations: "f16" })).rejects.toMatchObject({
      code: "UNSUPPORTED",
      what: "dtype of activations of driver webgpu",
      supported: ["f32"],
    });
  });

  test.for(specs)(
    "a $family in f16 gives the vectors of f32 for texts of mixed lengths",
    async (spec, context) => {
      await needF16(target, context);
      const random = new Random("activations");
      const encodings = [5, 1, 64, 33, 150, 2, 17].map((length) => ({
        inputIds: random.integers(length, 300),
      }));
      await expectCloseInF16(target, makeModel(spec).source, encodings);
    },
  );

  test("all-MiniLM-L6-v2 in f16 gives the vectors of f32, up to its longest text", async (context) => {
    await needF16(target, context);
    const model = await openModel(directory, { arch: classicBert });
    const sentence =
      "A file that was changed meanwhile is read again, and its old vectors are dropped. ";
    const texts = ["", "How do I reset my password?", "await fetch(url); // 3 retries", sentence];
    const encodings = [...texts, sentence.repeat(14)].map((text) => {
      return { inputIds: Array.from(model.tokenizer.encode(text).inputIds).slice(0, 256) };
    });
    await expectCloseInF16(target, model, encodings);
  });

  test.for(overflows)(
    "a text is rejected where f16 cannot hold: $place",
    async (overflow, context) => {
      const { source, pooling } = overflow;
      await needF16(target, context);
      const encodings = [{ inputIds: [3, 17, 4, 9, 31, 8, 2] }];
      const options = { activations: "f16", pooling } as const;
      await expect(embed(target, source, encodings, options)).rejects.toMatchObject({
        name: "NotFiniteError",
        message: expect.stringMatching(/beyond 65,504.*activations: "f32"$/),
      });
    },
  );
});
