import type { Driver } from "@ripvec/core";
import type { Tensor, WeightView } from "@ripvec/core/arch";

/** Weights that were checked against a checkpoint. Calling it creates their tensors on the driver. */
export type Planned<T> = (driver: Driver) => T;

/**
 * One plan for several plans: it creates an object with the result of each, in the order of its
 * fields.
 */
export function planAll<T extends object>(
  plans: {
    readonly [K in keyof T]: Planned<T[K]>;
  },
): Planned<T> {
  const entries = Object.entries<Planned<unknown>>(plans);
  return (driver) => Object.fromEntries(entries.map(([name, plan]) => [name, plan(driver)])) as T;
}

/** One plan for several plans: it creates a list with the result of each, in their order. */
export function planEach<T>(plans: readonly Planned<T>[]): Planned<readonly T[]> {
  return (driver) => plans.map((plan) => plan(driver));
}

/**
 * A tensor of floats that is kept in f32: a view of the checkpoint, or `weightView` of values that the architecture
 * computes, such as the tables of RoPE.
 */
export function planVector(view: WeightView): Planned<Tensor<"f32">> {
  return (driver) => driver.createTensor(view, "vector");
}

/** The plan for a tensor that a model does not have. */
export const planNothing: Planned<undefined> = () => undefined;
