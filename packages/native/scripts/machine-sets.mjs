import { execFileSync } from "node:child_process";
import { setsOf } from "./instruction-sets.mjs";

/** The macros that the compiler defines when it has these flags. */
function macros(cxx, flags) {
  const output = execFileSync(cxx, [...flags, "-dM", "-E", "-x", "c++", "-"], {
    input: "",
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
  return [...output.matchAll(/^#define (\w+)/gm)].map(([, name]) => name);
}

/**
 * The names of the best instruction set that this machine runs, and of the one whose kernels it uses too. The compiler
 * knows the machine: a set runs here if `-march=native` defines every macro that the flags of the set define. With a compiler
 * that lacks this flag the result is undefined, which means all sets.
 */
export function setsOfThisMachine(driver, target) {
  try {
    const known = new Set([[], ["-march=native"]].flatMap((flags) => macros(target.cxx, flags)));
    const runs = (flags) => macros(target.cxx, flags).every((name) => known.has(name));
    const best = setsOf(driver, target).findLast(([, flags]) => runs(flags))?.[0];
    return best && [best.split("_")[0], best];
  } catch {
    return undefined;
  }
}
