import { testDriver } from "@ripvec/driver-testkit";
import { describe, test } from "vitest";
import { cpu, cpuInfo } from "../src/index.js";

/** Sets with a suffix differ from those without only in their products of bytes. */
const differs = (instructionSet: string, name: string): boolean =>
  !instructionSet.includes("-") || name.includes("i8");

describe.each(cpuInfo().instructionSets)("%s", (instructionSet) => {
  testDriver({
    test: (name, body) => {
      if (differs(instructionSet, name)) test(name, body);
    },
    createDriver: () => cpu({ instructionSet, threads: 2 }),
  });
});
