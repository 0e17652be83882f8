import { describe, test } from "vitest";
import { templateDriver, testDriver } from "../src/index.js";

describe("template driver", () => {
  testDriver({ test, createDriver: () => templateDriver() });
});

describe("template driver with f16 activations", () => {
  testDriver({
    test: (name, body) => {
      if (name.endsWith("f16")) test(name, body);
    },
    createDriver: () => templateDriver({ f16: true }),
  });
});

/**
 * This driver keeps everything in f32, because core widens weights that a checkpoint holds in fewer
 * bits.
 */
describe("template driver without narrow weights", () => {
  testDriver({
    test: (name, body) => {
      if (/^(weights|contract): /.test(name)) test(name, body);
    },
    createDriver: () => templateDriver({ weights: [] }),
  });
});
