import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeLane } from "./support/lanes.js";

describeLane("swiftshader", () => {
  testDriver({ test, createDriver: () => driverOn("swiftshader") });
});
