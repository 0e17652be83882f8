import {
  ArgumentError,
  type Driver,
  type ModelArch,
  type ModelSource,
  specVersion,
} from "@ripvec/core";
import type { WeightSource } from "@ripvec/core/arch";
import { createDriver, type Kernels, opNames } from "@ripvec/core/driver";

/** What an architecture makes of the tensors of an encoder, by their names in the checkpoint. */
export interface EncoderWeights {
  /** Matrices and tables: what a dtype applies to. */
  readonly narrow: ReadonlySet<string>;
  /** All that the architecture reads. */
  readonly read: ReadonlySet<string>;
}

/**
 * Has the architecture load the model on a driver that computes nothing. Nothing is read from the weights. Throws
 * what `arch.load` throws for a model that it cannot compute.
 */
export async function findEncoderWeights(
  model: ModelSource,
  arch: ModelArch,
): Promise<EncoderWeights> {
  const read = new Set<string>();
  const vectors = new Set<string>();
  const driver = notingDriver(vectors);
  try {
    await arch.load(driver, { ...model, weights: notingSource(model.weights, read) }, {});
  } finally {
    await driver.close();
  }
  // A stack of matrices has a name of its own: what is read in two dimensions and is no vector is part of one.
  const narrow = [...read].filter(
    (name) => model.weights.get(name).shape.length === 2 && !vectors.has(name),
  );
  return { narrow: new Set(narrow), read };
}

function notingSource(source: WeightSource, read: Set<string>): WeightSource {
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

function notingDriver(vectors: Set<string>): Driver {
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

/** All ops, so that no model is refused for one. */
const kernels: Kernels = Object.fromEntries(opNames.map((name) => [name, noPass]));
