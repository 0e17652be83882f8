import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeTarget } from "./support/targets.js";

/** A software adapter compiles and runs slowly. */
const timeout = 300_000;

describeTarget("swiftshader", () => {
  testDriver({
    test: (name, body) => test(name, { timeout }, body),
    createDriver: () => driverOn("swiftshader"),
  });
});
