import type { Driver } from "@ripvec/core";
import { opNames, requiredOps } from "@ripvec/core/driver";
import { ConformanceError, expectThat } from "../run/conformance-error.js";
import { nearestName } from "../run/nearest-name.js";
import type { SuiteTest } from "./suite.js";

/**
 * A test that every kernel has the name of an op, and that every required op has a kernel. Core calls kernels by these
 * names, so a misspelt kernel is never called. Kernels of `newerOps` are for a newer version of core.
 */
export function kernelNamesTest(newerOps: readonly string[]): SuiteTest {
  return {
    name: "contract: every kernel has the name of an op",
    async run({ kernelNames }: Driver) {
      const known: ReadonlySet<string> = new Set([...opNames, ...newerOps]);
      const unknown = [...kernelNames].filter((name) => !known.has(name));
      if (unknown.length > 0) throw new ConformanceError(unknown.map(misspelt).join("; "));
      for (const op of requiredOps) expectThat(kernelNames.has(op), () => missing(op, kernelNames));
    },
  };
}

function misspelt(name: string): string {
  const advice = `if it is an op of a newer version, list it in the option newerOps of testDriver`;
  return `the kernel "${name}" is no op of this @ripvec/core and is never called. The most similar op is "${nearestName(name, opNames)}"; ${advice}`;
}

function missing(op: string, { size }: ReadonlySet<string>): string {
  const hint = size === 0 ? " (kernels must be own properties of the object `kernels`)" : "";
  return `no kernel for the required op ${op}${hint}`;
}
