import { testDriver } from "@ripvec/driver-testkit";
import { test } from "vitest";
import { openOn, sharedDevice } from "./support/drivers.js";
import { describeLane } from "./support/lanes.js";

/** An adapter in software compiles and runs slowly. */
const timeout = 300_000;

describeLane("lavapipe", () => {
  testDriver({
    test: (name, body) => test(name, { timeout }, body),
    // With what GPUs get: the tiles for software are those of the SwiftShader lane.
    createDriver: async () =>
      (await openOn(await sharedDevice("lavapipe"), { isFallback: false })).driver,
  });
});
