import type { Ops, Tensor } from "@ripvec/core/driver";
import { expect } from "vitest";
import { type NullDriver, nullDriver } from "./null-driver.js";

export const f32 = (ops: Ops, ...shape: number[]): Tensor<"f32"> => ops.alloc("f32", shape);
export const f16 = (ops: Ops, ...shape: number[]): Tensor<"f16"> => ops.alloc("f16", shape);
export const ids = (ops: Ops, ...values: number[]): Tensor<"i32"> =>
  ops.input(Int32Array.from(values), [values.length]);
/** Lets a test pass what the types forbid. */
export const loose = <T>(value: unknown): T => value as T;

export type Body = (ops: Ops, made: NullDriver) => void;
type ErrorClass = new (...args: never[]) => Error;

/** What is wrong, a recording that does it, and the message it must end in. */
export type Refusal = readonly [name: string, body: Body, message: RegExp];

/** The recording ends in this error, and the pass is abandoned. */
export async function expectError(body: Body, type: ErrorClass, message: RegExp): Promise<void> {
  const made = nullDriver();
  const recorded = made.record((ops) => body(ops, made));
  await expect(recorded).rejects.toBeInstanceOf(type);
  await expect(recorded).rejects.toThrow(message);
  expect(made.events.at(-1)).toBe("abandon");
}
