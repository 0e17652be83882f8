import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeLane } from "./support/lanes.js";

/** An adapter in software compiles and runs slowly. */
const timeout = 300_000;

describeLane("lavapipe", () => {
  testDriver({
    test: (name, body) => test(name, { timeout }, body),
    createDriver: () => driverOn("lavapipe"),
  });
});
