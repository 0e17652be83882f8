import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { driverOn } from "./support/drivers.js";
import { describeLane } from "./support/lanes.js";

/** The first adapter of a system may be one in software. */
const timeout = 300_000;

describeLane("system", () => {
  testDriver({
    test: (name, body) => test(name, { timeout }, body),
    createDriver: () => driverOn("system"),
  });
});
