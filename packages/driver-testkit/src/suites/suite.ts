import type { Driver, WeightDType } from "@ripvec/core";

export type CreateDriver = () => Promise<Driver> | Driver;

/** One test of a suite. It gets its own driver, which is closed after it. */
export interface SuiteTest {
  readonly name: string;
  /**
   * The reason, in words, why this driver cannot take the test; undefined when it can. Only the capabilities of the
   * driver may decide this.
   */
  lacks?(driver: Driver): string | undefined;
  /** Throws when the driver fails. */
  run(driver: Driver, createDriver: CreateDriver): Promise<void>;
}

export const needsF16 = (driver: Driver): string | undefined =>
  driver.capabilities.dtypes.has("f16") ? undefined : "takes no f16 activations";

export type NarrowDType = Exclude<WeightDType, "f32">;

/** The dtypes other than f32 that a matrix or a table may be kept in. */
export const narrowDTypes: readonly NarrowDType[] = ["f16", "bf16", "i8"];

/** The roles whose weights have a dtype of their own. */
export const keptRoles = ["matrix", "table"] as const;

export type KeptRole = (typeof keptRoles)[number];

export const needsWeights =
  (dtype: WeightDType) =>
  (driver: Driver): string | undefined =>
    driver.capabilities.weightDtypes.has(dtype) ? undefined : `keeps no weights in ${dtype}`;

export const needsClone = (driver: Driver): string | undefined =>
  driver.supportsClone ? undefined : "cannot be cloned";
