import { InputError, isRipvecError, type ModelArch } from "@ripvec/core";
import { partExport } from "./part-export.js";
import type { Platform } from "./platform.js";

/**
 * An architecture, or a name: a short name such as "classic-bert" or, in Node, the npm name of a
 * package or the path of a file that exports one as `arch`.
 */
export type ArchChoice = ModelArch | string;

/**
 * The architectures that may compute the model: the chosen one, or all that are known. Throws
 * UnsupportedError for a name that stands for no architecture, and InputError for a package or a
 * value that is not an architecture.
 */
export async function findArchs(
  choice: ArchChoice | undefined,
  platform: Platform,
): Promise<readonly ModelArch[]> {
  if (choice === undefined) return platform.archs;
  if (typeof choice !== "string") return [expectArch(choice, "the option arch")];
  const known = platform.archs.find(({ name }) => name === choice);
  if (known) return [known];
  const names = platform.archs.map(({ name }) => name);
  const found = await partExport(platform, "arch", choice, names);
  return [expectArch(found, `the export "arch" of ${choice}`)];
}

type Check = NonNullable<ModelArch["check"]>;

/**
 * The first architecture that can compute the model. When none can, throws the error of the one
 * that knows the model's type, else that of the first.
 */
export function chooseArch(
  archs: readonly ModelArch[],
  model: Parameters<Check>[0],
  options: Parameters<Check>[1],
): ModelArch {
  const failures: unknown[] = [];
  for (const arch of archs) {
    try {
      arch.check?.(model, options);
      return arch;
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.find((error) => !isOtherType(error)) ?? failures[0];
}

/** Whether an architecture refused a model because it is of another family. */
const isOtherType = (error: unknown): boolean =>
  isRipvecError(error) && "what" in error && String(error.what).startsWith("model_type");

function expectArch(value: unknown, source: string): ModelArch {
  const object: object = typeof value === "object" && value !== null ? value : {};
  if (typeof Reflect.get(object, "load") === "function" && "name" in object) {
    return value as ModelArch;
  }
  throw new InputError(
    `${source} must be a ModelArch, an object with a name and a function load, got ${value === null ? "null" : typeof value}`,
  );
}
