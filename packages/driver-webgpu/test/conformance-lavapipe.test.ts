import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeLane } from "./support/lanes.js";

describeLane("lavapipe", () => {
  testDriver({ test, createDriver: () => driverOn("lavapipe") });
});
