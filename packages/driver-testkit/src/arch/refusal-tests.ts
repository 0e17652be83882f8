import { type Driver, isRipvecError, type ModelFileError } from "@ripvec/core";
import type { JsonObject } from "@ripvec/core/arch";
import { encodeTensor, type NamedTensor } from "../model/safetensors.js";
import { ConformanceError, expectThat } from "../run/conformance-error.js";
import { descriptionOf, type ModelChanges, sourceOf, storedTensors } from "./arch-model.js";
import { type ArchTest, drawTexts, embed, errorOf, type Subject } from "./subject.js";
import { watched } from "./watched-driver.js";

/** Tests that a model which cannot be computed is refused in words, by `check` wherever its JSON files show it. */
export const refusalTests: readonly ArchTest[] = [
  {
    name: "the model is accepted by check and by load",
    async run(subject, driver) {
      const error = await refusal(subject, driver, {});
      expectThat(error === undefined, () => `refused: ${String(error)}`);
    },
  },
  {
    name: "a missing tensor is named",
    async run(subject, driver) {
      const stored = storedTensors(subject.model);
      for (const { name } of stored) {
        const rest = stored.filter((tensor) => tensor.name !== name);
        await expectNamed(subject, driver, name, rest, "missing");
      }
    },
  },
  {
    name: "a tensor of another shape is named",
    async run(subject, driver) {
      for (const { name, shape } of subject.model.tensors) {
        for (const wrong of [shape.with(0, (shape[0] ?? 0) + 1), [...shape, 1]]) {
          const size = wrong.reduce((product, dim) => product * dim, 1);
          const tensor = encodeTensor(name, wrong, new Float32Array(size), "f32");
          const replaced = withTensor(subject, tensor);
          await expectNamed(subject, driver, name, replaced, `of shape [${wrong.join(", ")}]`);
        }
      }
    },
  },
  {
    name: "a tensor of whole numbers is named",
    async run(subject, driver) {
      for (const { name, shape, values } of subject.model.tensors) {
        const bytes = new Uint8Array(8 * values.length);
        const replaced = withTensor(subject, { name, shape, dtype: "i64", bytes });
        await expectNamed(subject, driver, name, replaced, "of dtype i64");
      }
    },
  },
  {
    name: "tensors that the model does not need are ignored",
    async run(subject, driver) {
      const more = encodeTensor("classifier.bias", [3], new Float32Array(3), "f32");
      const stored = [...storedTensors(subject.model), more];
      const error = await refusal(subject, driver, { stored });
      expectThat(error === undefined, () => `refused: ${String(error)}`);
    },
  },
  {
    name: "hostile numbers in the config are refused in words",
    async run(subject, driver) {
      for (const [key, value] of Object.entries(subject.model.config)) {
        if (typeof value !== "number") continue;
        for (const hostile of hostileValues) {
          await expectRefusedOrWorking(subject, driver, { [key]: hostile });
        }
      }
    },
  },
];

/** A test for each entry of `refused`. */
export function refusedTests(refused: readonly JsonObject[]): readonly ArchTest[] {
  return refused.map((config) => ({
    name: `the config with ${JSON.stringify(config)} is refused by name`,
    async run(subject, driver) {
      const error = await refusal(subject, driver, { config });
      const keys = Object.keys(config);
      expectThat(isRipvecError(error), () => `${JSON.stringify(config)} was accepted`);
      expectThat(
        keys.some((key) => String(error).includes(key)),
        () => {
          return `the message must name ${keys.join(" or ")}, got ${String(error)}`;
        },
      );
      expectThat(tensorOf(error) === undefined, () => {
        return `${JSON.stringify(config)} is refused only because of a tensor: ${String(error)}`;
      });
    },
  }));
}

const hostileValues: readonly unknown[] = [
  ...[-1, -0.5, 0, 0.5, 1e39, 5e-324, 2 ** 31 - 1, 2 ** 31, 2 ** 32 + 2, 2 ** 53],
  ...["12", "", true, [], {}],
];

/** Calls of a source that a config may cause, for each tensor of the model and in total. */
const callsPerTensor = 8;
const otherCalls = 200;

/**
 * The error of a load; undefined if it succeeds. Throws ConformanceError if the error is not a RipvecError, if weights
 * are left on the driver, if a hostile config causes very many calls, or if `check` decides something else: it must
 * throw what load throws, except for an error that names a tensor, which the JSON files cannot show.
 */
async function refusal(
  { arch, model }: Subject,
  driver: Driver,
  changes: ModelChanges,
): Promise<unknown> {
  const source = sourceOf(model, changes);
  const what = changes.config ? `${JSON.stringify(changes.config)}: ` : "";
  const early = await errorOf(() => arch.check?.(descriptionOf(source), {}));
  const { driver: seen, log } = watched(driver);
  const counted = countCalls(source.weights);
  const late = await errorOf(() => arch.load(seen, { ...source, weights: counted.weights }, {}));
  const allowed = callsPerTensor * model.tensors.length + otherCalls;
  expectThat(counted.calls() <= allowed, `${what}load read ${counted.calls()} tensors`);
  if (late === undefined && early === undefined) return undefined;
  expectThat(late === undefined || log.weights === 0, () => {
    return `${what}load failed and left ${log.weights} weights on the driver`;
  });
  for (const error of [early, late]) {
    expectThat(error === undefined || isRefusal(error), () => {
      return `${what}expected ModelFileError or UnsupportedError, got ${String(error)}`;
    });
  }
  const isOfTensor = early === undefined && tensorOf(late) !== undefined;
  if (arch.check && !isOfTensor) expectSame(early, late, what);
  return late;
}

const isRefusal = (error: unknown): boolean =>
  isRipvecError(error) && ["MODEL_FILE", "UNSUPPORTED"].includes(error.code);

/** The tensor that an error of a model's file names. */
const tensorOf = (error: unknown): string | undefined =>
  isRipvecError(error) && error.code === "MODEL_FILE"
    ? (error as ModelFileError).tensor
    : undefined;

function expectSame(early: unknown, late: unknown, what: string): void {
  expectThat(String(early) === String(late), () => {
    return `${what}check and load must decide the same; check: ${early ?? "accepted"}; load: ${late ?? "accepted"}`;
  });
}

function countCalls(weights: ReturnType<typeof sourceOf>["weights"]) {
  let calls = 0;
  const counted = {
    ...weights,
    has(name: string) {
      calls++;
      return weights.has(name);
    },
    get(name: string) {
      calls++;
      return weights.get(name);
    },
  };
  return { weights: counted, calls: () => calls };
}

function withTensor({ model }: Subject, tensor: NamedTensor): readonly NamedTensor[] {
  return storedTensors(model).map((each) => (each.name === tensor.name ? tensor : each));
}

async function expectNamed(
  subject: Subject,
  driver: Driver,
  name: string,
  stored: readonly NamedTensor[],
  fault: string,
): Promise<void> {
  const error = await refusal(subject, driver, { stored });
  expectThat(isRipvecError(error) && error.code === "MODEL_FILE", () => {
    return `${name} is ${fault}: expected ModelFileError, got ${error ?? "no error"}`;
  });
  // A tensor by which an architecture recognises a prefix is named without one where it is missing.
  const isNamed = String(error).includes(name) || endsWithTensor(name, error);
  expectThat(isNamed, () => {
    return `${name} is ${fault}, and the message does not name it: ${String(error)}`;
  });
}

function endsWithTensor(name: string, error: unknown): boolean {
  const tensor = tensorOf(error);
  return tensor !== undefined && name.endsWith(`.${tensor}`);
}

/** A value that load accepts must also work in a pass. */
async function expectRefusedOrWorking(
  subject: Subject,
  driver: Driver,
  config: JsonObject,
): Promise<void> {
  if ((await refusal(subject, driver, { config })) !== undefined) return;
  const error = await errorOf(async () => {
    const loaded = await subject.arch.load(driver, sourceOf(subject.model, { config }), {});
    const texts = drawTexts(subject.model, [Math.min(3, loaded.maxTokens)]);
    const [vector] = await embed(driver, loaded, texts);
    if (!vector?.every(Number.isFinite)) throw new RangeError("the vector is not finite");
  });
  if (error === undefined) return;
  const found = `${JSON.stringify(config)} was accepted, and a pass failed: ${String(error)}`;
  throw new ConformanceError(found, { cause: error });
}
