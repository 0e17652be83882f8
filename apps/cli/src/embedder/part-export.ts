import { InputError } from "@ripvec/core";
import type { PartKind, Platform } from "./platform.js";

const meanings: Readonly<Record<PartKind, string>> = {
  driver: "a function that opens the driver",
  arch: "a ModelArch",
};

/**
 * The export named `driver` or `arch` of a package. A CommonJS module may hold it in its default
 * export. Throws what `importPackage` throws, and InputError when the package has no such export.
 */
export async function partExport(
  platform: Platform,
  kind: PartKind,
  name: string,
  supported: readonly string[],
): Promise<unknown> {
  const module = await platform.importPackage(kind, name, supported);
  const holders = [module, Reflect.get(module, "default")].filter(isObject);
  const holder = holders.find((each) => kind in each);
  if (holder) return Reflect.get(holder, kind);
  const names = [...new Set(holders.flatMap((each) => Object.keys(each)))];
  throw new InputError(
    `${name} has no export "${kind}"; it exports ${names.length > 0 ? names.join(", ") : "nothing"}. ` +
      `The export "${kind}" must be ${meanings[kind]}`,
  );
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
