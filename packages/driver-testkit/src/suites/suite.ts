import type { Driver, WeightDType } from "@ripvec/core";

export type CreateDriver = () => Promise<Driver> | Driver;

/** One test of a suite. It gets a driver of its own, which is closed behind it. */
export interface SuiteTest {
  readonly name: string;
  /** Why this driver cannot take the test, in words; undefined when it can. Capabilities only. */
  lacks?(driver: Driver): string | undefined;
  /** Throws when the driver fails. */
  run(driver: Driver, createDriver: CreateDriver): Promise<void>;
}

export const needsF16 = (driver: Driver): string | undefined =>
  driver.capabilities.dtypes.has("f16") ? undefined : "takes no f16 activations";

export type NarrowDType = Exclude<WeightDType, "f32">;

/** What a matrix or a table may be kept in besides f32. */
export const narrowDTypes: readonly NarrowDType[] = ["f16", "bf16", "i8"];

/** Roles of weights that have a dtype. */
export const keptRoles = ["matrix", "table"] as const;

export type KeptRole = (typeof keptRoles)[number];

export const needsWeights =
  (dtype: WeightDType) =>
  (driver: Driver): string | undefined =>
    driver.capabilities.weightDtypes.has(dtype) ? undefined : `keeps no weights in ${dtype}`;

export const needsClone = (driver: Driver): string | undefined =>
  driver.supportsClone ? undefined : "cannot be cloned";
