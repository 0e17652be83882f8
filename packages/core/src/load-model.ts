import type { LoadedModel, ModelArch } from "./arch.js";
import type { GenericBackendOptions } from "./backend-options.js";
import { expectActivationDType, expectWeightDType } from "./check-weight.js";
import { expectSpecVersion } from "./contract-versions.js";
import type { Driver } from "./driver.js";
import { InputError, UnsupportedError } from "./errors.js";
import { expectPart } from "./expect-part.js";
import { fingerprintOf } from "./fingerprint.js";
import { numberText, type Shortening, shorteningOf, truncateDimOf } from "./shorten.js";

/** What a backend and its clones share. */
export interface SharedModel {
  readonly name: string;
  readonly loaded: LoadedModel;
  readonly shortening: Shortening;
  readonly maxTokens: number;
  readonly maxBatchTokens: number;
  readonly maxBatch: number;
  readonly fingerprint: () => Promise<string>;
}

/**
 * Checks the options of a backend that need no model. Throws SpecVersionError, InputError for a number out of range, and
 * UnsupportedError for a dtype that the driver lacks.
 */
export function checkBackendOptions(
  driver: Driver,
  options: Omit<GenericBackendOptions, "driver" | "arch" | "model">,
): void {
  expectSpecVersion(driver);
  expectWeightDType(driver, options.dtype ?? "f32");
  expectActivationDType(driver, options.activations ?? "f32");
  for (const name of ["maxBatchTokens", "maxBatch", "maxTokens", "dimensions"] as const) {
    resolveLimit(options, name, 1);
  }
}

/**
 * Checks the options of a backend and loads its model onto the driver. Throws ArgumentError, SpecVersionError, InputError,
 * UnsupportedError and what the architecture throws. Options that need no model are checked before it is loaded.
 */
export async function loadModel(options: GenericBackendOptions): Promise<SharedModel> {
  const { driver, arch, model, pooling, normalize, dtype, activations } = options;
  checkBackendOptions(driver, options);
  expectPart("arch", arch);
  expectPart("model", model);
  const { preferredBatchTokens } = driver.capabilities;
  const maxBatchTokens = resolveLimit(options, "maxBatchTokens", preferredBatchTokens);
  const maxBatch = resolveLimit(options, "maxBatch", 256);
  const truncateDim = truncateDimOf(model);
  const loaded = await arch.load(driver, model, { pooling, normalize, dtype, activations });
  checkLoadedDTypes(arch, loaded, { dtype, activations });
  const shortening = shorteningOf(options, truncateDim, loaded);
  return {
    name: `${driver.name}/${arch.name}`,
    loaded,
    shortening,
    maxTokens: resolveLimit(options, "maxTokens", loaded.maxTokens, loaded.maxTokens),
    maxBatchTokens,
    maxBatch,
    fingerprint: fingerprintOf(model, loaded, shortening.name),
  };
}

/** Refuses an architecture that ignored a given dtype. */
function checkLoadedDTypes(
  { name }: ModelArch,
  loaded: LoadedModel,
  given: Pick<GenericBackendOptions, "dtype" | "activations">,
): void {
  const { weightDtype = "f32", activations = "f32" } = loaded;
  const dtypes = [
    { what: "weight dtype", value: given.dtype, actual: weightDtype },
    { what: "dtype of activations", value: given.activations ?? "f32", actual: activations },
  ];
  for (const { what, value, actual } of dtypes) {
    if (value === undefined || value === actual) continue;
    const facts = { what: `${what} of architecture ${name}`, value, supported: [actual] };
    throw new UnsupportedError(facts);
  }
}

function resolveLimit(
  options: Omit<GenericBackendOptions, "driver" | "arch" | "model">,
  name: "maxTokens" | "maxBatch" | "maxBatchTokens" | "dimensions",
  byDefault: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = options[name];
  if (value === undefined) return byDefault;
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? "of at least 1" : `in 1 … ${max}`;
  throw new InputError(`${name} must be a whole number ${range}, got ${numberText(value)}`);
}
