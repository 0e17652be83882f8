import { describe, test } from "vitest";
import { referenceDriver, testDriver } from "../src/index.js";

/**
 * The reference driver has to fulfil the contract too. Its ops are checked against values that were
 * worked out by hand.
 */
describe("reference driver", () => {
  testDriver({
    test: (name, body) => {
      if (/^(contract|memory|backend|weights)|model.*f32/.test(name)) test(name, body);
    },
    createDriver: () => referenceDriver(),
  });
});
