import { describe, test } from "vitest";
import { referenceDriver, testDriver } from "../src/index.js";

/** The oracle obeys the contract too; its ops are checked against values worked out by hand. */
describe("reference driver", () => {
  testDriver({
    test: (name, body) => {
      if (/^(contract|memory|backend|weights)|model.*f32/.test(name)) test(name, body);
    },
    createDriver: () => referenceDriver(),
  });
});
