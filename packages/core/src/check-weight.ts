import type { Capabilities } from "./capabilities.js";
import { type DType, dtypeByteLength, sizeOf, type WeightDType } from "./dtype.js";
import { DTypeError, InputError, ModelFileError, ShapeError, UnsupportedError } from "./errors.js";
import type { TensorRole } from "./tensor.js";
import { fileRanges, scaleName, type WeightView } from "./weights.js";

const floats: readonly DType[] = ["f32", "f16", "bf16"];

/** Throws DTypeError, ShapeError or ModelFileError unless a driver can take the view in that role. */
export function checkWeight(view: WeightView, role: TensorRole): void {
  const { name, dtype, shape, byteLength } = view;
  const fail = (argument: string, expected: unknown, actual: unknown): never => {
    throw new ShapeError({ op: "createTensor", argument, expected, actual });
  };
  const expected: readonly DType[] = role === "vector" ? floats : [...floats, "i8"];
  if (!expected.includes(dtype)) {
    throw new DTypeError({ op: "createTensor", argument: name, expected, actual: dtype });
  }
  if (role !== "vector" && shape.length !== 2) fail(name, "[rows, cols]", shape);
  const needed = sizeOf(shape) * dtypeByteLength(dtype);
  if (byteLength !== needed) fail(`${name}.byteLength`, needed, byteLength);
  const inFiles = view.parts?.reduce((sum, part) => sum + part.byteLength, 0) ?? needed;
  if (inFiles !== needed) fail(`${name}.parts`, `${needed} bytes`, `${inFiles} bytes`);
  if (dtype === "i8") checkScales(view);
}

/** An i8 tensor has a scale of f32 for each of its rows. */
function checkScales(view: WeightView): void {
  const { name, shape, scales } = view;
  const [rows = 0] = shape;
  if (scales?.dtype === "f32" && scales.shape[0] === rows && sizeOf(scales.shape) === rows) return;
  const path = fileRanges(view)?.[0]?.path;
  const message = scales
    ? `its scales must be f32 [${rows}] or [${rows}, 1], not ${scales.dtype} [${scales.shape.join(", ")}]`
    : `is in 8 bits without the scales of its rows, ${scaleName(name)}`;
  throw new ModelFileError(message, { tensor: name, ...(path !== undefined && { path }) });
}

interface NamedDriver {
  readonly name: string;
  readonly capabilities: Capabilities;
}

/**
 * What a weight in `role` is kept in when `dtype` is asked for; without, a matrix in 8 bits and every table stay
 * as they are where the driver has that dtype, and all else is f32. Throws InputError or UnsupportedError.
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
      `createTensor: dtype ${dtype} was asked for a vector; only a matrix or a table has it`,
    );
  }
  if (dtype !== undefined) {
    expectWeightDType(driver, dtype);
    return dtype;
  }
  const staysAsItIs = role === "table" || stored === "i8";
  const kept = [...driver.capabilities.weightDtypes].find((each) => each === stored);
  return staysAsItIs && kept ? kept : "f32";
}

/** Throws UnsupportedError unless the driver can keep a matrix or table in `dtype`. */
export function expectWeightDType({ name, capabilities }: NamedDriver, dtype: WeightDType): void {
  const supported = capabilities.weightDtypes;
  if (supported.has(dtype)) return;
  throw new UnsupportedError({
    what: `weight dtype of driver ${name}`,
    value: dtype,
    supported: [...supported],
  });
}
