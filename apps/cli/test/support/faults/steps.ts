import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { Driver } from "@ripvec/core";

/** Called before every operation on files or on the driver. */
let step: () => void = () => {};

export function onStep(call: () => void): void {
  step = call;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Calls the step before a method of an object. */
function interrupt(object: object, name: string): void {
  const methods = object as Record<string, Method>;
  const original = methods[name];
  if (original === undefined) throw new Error(`there is no ${name}`);
  methods[name] = function (...args) {
    step();
    return original.apply(this, args);
  };
}

/**
 * Calls the step before the calls of Node's modules and of open files that open and read weights.
 */
export function interruptFiles(): void {
  for (const name of ["openSync", "fstatSync", "readSync", "closeSync"]) interrupt(fs, name);
  for (const name of ["stat", "readFile", "readdir"]) interrupt(fs.promises, name);
  const { open } = fs.promises;
  fs.promises.open = async (...args) => {
    step();
    const file = await open(...args);
    for (const name of ["stat", "createReadStream", "close"]) interrupt(file, name);
    return file;
  };
  syncBuiltinESMExports();
}

/** The driver, with a step before every weight that it creates. */
export function interruptedDriver(driver: Driver): Driver {
  return new Proxy(driver, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      const method = value as Method;
      return (...args: unknown[]) => {
        if (key === "createTensor") step();
        return method.apply(target, args);
      };
    },
  });
}
