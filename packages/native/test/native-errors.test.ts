import { DeviceError, ModelFileError } from "@ripvec/core";
import { expect, test } from "vitest";
import { passError, withNativeErrors, withWeightErrors } from "../src/native-errors.js";

const fails = (facts: object) => (): never => {
  throw Object.assign(new Error("something failed"), facts);
};

test("an error of the addon names the driver that it came from", () => {
  expect(() => withNativeErrors("toy", fails({ code: "DEVICE" }))).toThrow(
    new DeviceError("toy", "something failed"),
  );
  expect(passError("toy", new Error("something failed"))).toMatchObject({
    code: "DEVICE",
    driver: "toy",
    message: "toy: something failed",
  });
});

test("an error of a model's file names the tensor and the file, from the addon if it knows them", () => {
  const weight = { name: "given", path: "/given" };
  const attempt = (facts: object) => () => withWeightErrors("toy", weight, fails(facts));
  expect(attempt({ code: "MODEL_FILE" })).toThrow(ModelFileError);
  expect(attempt({ code: "MODEL_FILE" })).toThrow(
    expect.objectContaining({ tensor: "given", path: "/given" }),
  );
  const known = { code: "MODEL_FILE", tensor: "own", path: "/own" };
  expect(attempt(known)).toThrow(expect.objectContaining({ tensor: "own", path: "/own" }));
});
