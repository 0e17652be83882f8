import type { Capabilities } from "./capabilities.js";
import { type DType, dtypeByteLength, sizeOf, type WeightDType } from "./dtype.js";
import { DTypeError, InputError, ShapeError, UnsupportedError } from "./errors.js";
import type { TensorRole } from "./tensor.js";
import type { WeightView } from "./weights.js";

const floats: readonly DType[] = ["f32", "f16", "bf16"];

/** Throws DTypeError or ShapeError unless a driver can take the view in that role. */
export function checkWeight(view: WeightView, role: TensorRole): void {
  const { name, dtype, shape, byteLength } = view;
  const fail = (argument: string, expected: unknown, actual: unknown): never => {
    throw new ShapeError({ op: "createTensor", argument, expected, actual });
  };
  if (!floats.includes(dtype)) {
    throw new DTypeError({
      op: "createTensor",
      argument: name,
      expected: floats,
      actual: dtype,
    });
  }
  if (role !== "vector" && shape.length !== 2) fail(name, "[rows, cols]", shape);
  const needed = sizeOf(shape) * dtypeByteLength(dtype);
  if (byteLength !== needed) fail(`${name}.byteLength`, needed, byteLength);
  const inFiles = view.parts?.reduce((sum, part) => sum + part.byteLength, 0) ?? needed;
  if (inFiles !== needed) fail(`${name}.parts`, `${needed} bytes`, `${inFiles} bytes`);
}

interface NamedDriver {
  readonly name: string;
  readonly capabilities: Capabilities;
}

/** What a weight in `role` is kept in when `dtype` is asked for. Throws InputError or UnsupportedError. */
export function weightDType(
  driver: NamedDriver,
  role: TensorRole,
  dtype: WeightDType | undefined,
): WeightDType {
  if (dtype === undefined) return "f32";
  if (role !== "matrix") {
    throw new InputError(
      `createTensor: dtype ${dtype} was asked for a ${role}; only a matrix has it`,
    );
  }
  expectWeightDType(driver, dtype);
  return dtype;
}

/** Throws UnsupportedError unless the driver can keep a matrix in `dtype`. */
export function expectWeightDType({ name, capabilities }: NamedDriver, dtype: WeightDType): void {
  const supported = capabilities.weightDtypes;
  if (supported.has(dtype)) return;
  throw new UnsupportedError({
    what: `weight dtype of driver ${name}`,
    value: dtype,
    supported: [...supported],
  });
}
