import {
  ArgumentError,
  type Driver,
  type ModelArch,
  type ModelSource,
  specVersion,
} from "@ripvec/core";
import type { WeightSource } from "@ripvec/core/arch";
import { createDriver, type Kernels, opNames } from "@ripvec/core/driver";

/**
 * The roles that an architecture gives to an encoder's tensors, by their names in the checkpoint.
 */
export interface EncoderWeights {
  /** Matrices and tables: the tensors that a dtype applies to. */
  readonly narrow: ReadonlySet<string>;
  /** All tensors that the architecture reads. */
  readonly read: ReadonlySet<string>;
}

/**
 * Runs the architecture's `load` on a driver that computes nothing and reads no weights. Throws
 * what `arch.load` throws for a model that it cannot compute.
 */
export async function findEncoderWeights(
  model: ModelSource,
  arch: ModelArch,
): Promise<EncoderWeights> {
  const read = new Set<string>();
  const vectors = new Set<string>();
  const driver = recordingDriver(vectors);
  try {
    await arch.load(driver, { ...model, weights: recordingSource(model.weights, read) }, {});
  } finally {
    await driver.close();
  }
  // A stack of matrices has a name of its own, so a two-dimensional view that is not a vector is
  // part of a stack.
  const narrow = [...read].filter(
    (name) => model.weights.get(name).shape.length === 2 && !vectors.has(name),
  );
  return { narrow: new Set(narrow), read };
}

function recordingSource(source: WeightSource, read: Set<string>): WeightSource {
  const { path, names, inMemory } = source;
  return {
    path,
    names,
    inMemory,
    has: (name) => source.has(name),
    get(name) {
      read.add(name);
      return source.get(name);
    },
    hash: () => source.hash(),
  };
}

function recordingDriver(vectors: Set<string>): Driver {
  return createDriver<undefined>({
    specVersion,
    name: "noting",
    capabilities: {
      isGpu: false,
      needsWarmUp: false,
      overlapsPasses: false,
      device: "none",
      dtypes: new Set(["f32"]),
      storageDtypes: new Set(["f32", "i32"]),
      weightDtypes: new Set(["f32", "f16", "bf16", "i8"]),
      maxInFlight: 1,
      preferredBatchTokens: 1,
      maxTensorBytes: Number.MAX_SAFE_INTEGER,
    },
    createWeight(view, role) {
      if (role === "vector") vectors.add(view.name);
      return undefined;
    },
    releaseWeight() {},
    beginPass: () => ({
      kernels,
      alloc: noPass,
      release: noPass,
      slice: noPass,
      input: noPass,
      fill: noPass,
      submit: noPass,
      abandon() {},
    }),
    async close() {},
  });
}

function noPass(): never {
  const reason = "must only create tensors, and run no pass, while it loads a model";
  throw new ArgumentError({ op: "load", argument: "arch", reason });
}

/** The driver has all ops, so that no model is refused for a missing one. */
const kernels: Kernels<unknown> = Object.fromEntries(opNames.map((name) => [name, noPass]));
