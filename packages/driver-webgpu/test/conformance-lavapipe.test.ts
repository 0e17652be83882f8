import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeTarget } from "./support/targets.js";

/** A software adapter compiles and runs slowly. */
const timeoutMs = 300_000;

describeTarget("lavapipe", () => {
  testDriver({
    test,
    timeoutMs,
    createDriver: () => driverOn("lavapipe"),
  });
});
