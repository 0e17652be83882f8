import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeTarget } from "./support/targets.js";

/** The first adapter of a system may be a software adapter. */
const timeoutMs = 300_000;

describeTarget("system", () => {
  testDriver({
    test,
    timeoutMs,
    createDriver: () => driverOn("system"),
  });
});
