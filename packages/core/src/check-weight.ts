import type { Capabilities } from "./capabilities.js";
import {
  type ActivationDType,
  type DType,
  dtypeByteLength,
  floatDTypes,
  sizeOf,
  type WeightDType,
} from "./dtype.js";
import { DTypeError, InputError, ShapeError, UnsupportedError } from "./errors.js";
import { checkedScales } from "./safetensors/checked-scales.js";
import type { TensorRole } from "./tensor.js";
import { scaleName, tensorError, type WeightView } from "./weights.js";

/**
 * Checks a weight before a driver gets it, and returns it with the scales of an i8 view in memory as f32. Throws
 * DTypeError, ShapeError or ModelFileError unless the view can be a weight with that role.
 */
export function checkedWeight(view: WeightView, role: TensorRole): WeightView {
  const { name, dtype, shape, byteLength } = view;
  const fail = (argument: string, expected: unknown, actual: unknown): never => {
    throw new ShapeError({ op: "createTensor", argument, expected, actual });
  };
  const expected: readonly DType[] = role === "vector" ? floatDTypes : [...floatDTypes, "i8"];
  if (!expected.includes(dtype)) {
    throw new DTypeError({ op: "createTensor", argument: name, expected, actual: dtype });
  }
  if (role !== "vector" && shape.length !== 2) fail(name, "[rows, cols]", shape);
  const needed = sizeOf(shape) * dtypeByteLength(dtype);
  if (byteLength !== needed) fail(`${name}.byteLength`, needed, byteLength);
  const inFiles = view.parts?.reduce((sum, part) => sum + part.byteLength, 0) ?? needed;
  if (inFiles !== needed) fail(`${name}.parts`, `${needed} bytes`, `${inFiles} bytes`);
  if (dtype !== "i8") return view;
  if (view.scales) return { ...view, scales: checkedScales(view.scales, view) };
  throw tensorError(
    view,
    `is i8 without the scales of its rows: expected a tensor ${scaleName(name)} in the same file`,
  );
}

interface NamedDriver {
  readonly name: string;
  readonly capabilities: Capabilities;
}

/**
 * The dtype in which a weight is kept. Default: that of the checkpoint for tables and for matrices in i8, if the driver
 * has it, else f32. Throws InputError when `dtype` is given for a vector, and UnsupportedError when the driver lacks it.
 */
export function weightDType(
  driver: NamedDriver,
  role: TensorRole,
  dtype: WeightDType | undefined,
  stored: DType,
): WeightDType {
  if (role === "vector") {
    if (dtype === undefined) return "f32";
    throw new InputError(
      `createTensor: dtype must be absent for role vector, got ${dtype}; only the roles matrix and table accept it`,
    );
  }
  if (dtype !== undefined) {
    expectWeightDType(driver, dtype);
    return dtype;
  }
  const keepsItsDType = role === "table" || stored === "i8";
  const kept = [...driver.capabilities.weightDtypes].find((each) => each === stored);
  return keepsItsDType && kept ? kept : "f32";
}

/** Throws UnsupportedError unless the driver can keep a matrix or table in `dtype`. */
export function expectWeightDType(driver: NamedDriver, dtype: WeightDType): void {
  expectDType("weight dtype", driver, dtype, driver.capabilities.weightDtypes);
}

/** Throws UnsupportedError unless the driver can keep activations in `dtype`. */
export function expectActivationDType(driver: NamedDriver, dtype: ActivationDType): void {
  expectDType("dtype of activations", driver, dtype, driver.capabilities.dtypes);
}

function expectDType<D extends DType>(
  what: string,
  { name }: NamedDriver,
  dtype: D,
  supported: ReadonlySet<D>,
): void {
  if (supported.has(dtype)) return;
  throw new UnsupportedError({
    what: `${what} of driver ${name}`,
    value: dtype,
    supported: [...supported],
  });
}
