import {
  AliasError,
  ClosedError,
  DeviceError,
  DriverUnavailableError,
  isRipvecError,
  ModelFileError,
  RipvecError,
  ShapeError,
  UnsupportedError,
} from "@ripvec/core";
import { expect, test } from "vitest";

test("errors carry code, name, facts and cause", () => {
  const cause = new Error("ENOENT");
  const error = new ModelFileError("is missing", { path: "config.json", cause });
  expect(error).toMatchObject({
    code: "MODEL_FILE",
    name: "ModelFileError",
    message: "config.json: is missing",
    path: "config.json",
    cause,
  });
  expect(error).toBeInstanceOf(RipvecError);
  const shape = new ShapeError({
    op: "gemm",
    argument: "a",
    expected: [64, 384],
    actual: [64, 385],
  });
  expect(shape.message).toBe("gemm: a must be [64, 384], got [64, 385]");
  expect(new DeviceError("toy", "lost", { cause }).cause).toBe(cause);
  expect(new AliasError({ op: "gemm", output: "out", argument: "a" }).code).toBe("ALIAS");
  expect(new ClosedError("driver cpu").message).toBe("driver cpu is closed");
  const facts = { driver: "cuda", tried: ["libcuda.so.1"], remedy: "Install the driver." };
  expect(new DriverUnavailableError(facts).message).toBe(
    "driver cuda is not available. Tried: libcuda.so.1. Install the driver.",
  );
  const supported = ["gelu", "relu"];
  expect(new UnsupportedError({ what: "activation", value: "swish", supported }).message).toBe(
    'unsupported activation "swish"; supported: gelu, relu',
  );
  const unknown = new UnsupportedError({ what: "op", value: "x", supported: [], remedy: "Wait" });
  expect(unknown).toMatchObject({ message: 'unsupported op "x". Wait', remedy: "Wait" });
});

test("a value that cannot be shown does not prevent its error", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const unsupported = new UnsupportedError({ what: "dtype", value: proxy, supported: [] });
  expect(unsupported.message).toBe("unsupported dtype an object");
  const facts = { op: "gelu", argument: "form", expected: "a form", actual: proxy };
  expect(new ShapeError(facts).message).toBe("gelu: form must be a form, got an object");
});

test("isRipvecError knows the errors of another copy of this package", () => {
  const foreign = Object.defineProperty(new Error("x"), Symbol.for("ripvec.error"), {
    value: true,
  });
  expect(isRipvecError(foreign)).toBe(true);
  expect(isRipvecError(new ClosedError("x"))).toBe(true);
  for (const other of [new Error("x"), null, undefined, "x", {}]) {
    expect(isRipvecError(other)).toBe(false);
  }
});
