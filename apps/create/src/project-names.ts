import { CreateError } from "./create-error.js";

/** The names in a new project, such as those of `my-driver` with the prefix `ripvec-driver-`. */
export interface ProjectNames {
  /** `ripvec-driver-my-driver` */
  readonly packageName: string;
  /** `my-driver` */
  readonly shortName: string;
  /** `myDriver` */
  readonly camelName: string;
  /** `MyDriver` */
  readonly pascalName: string;
  /** `my_driver` */
  readonly snakeName: string;
  /** `MY_DRIVER` */
  readonly upperName: string;
}

/** The longest name that npm accepts. */
const longestName = 214;

/**
 * Derives the names from what the user typed: a short name, which gets the prefix, or a full package name, with or
 * without a scope. Throws CreateError for a name that npm or JavaScript does not accept.
 */
export function projectNames(typed: string, prefix: string): ProjectNames {
  const { scope, base } = splitName(typed);
  const packageName = scope !== "" || base.startsWith(prefix) ? scope + base : prefix + base;
  if (packageName.length > longestName) {
    throw new CreateError(
      `The package name has ${packageName.length} characters; npm accepts at most ${longestName}.`,
    );
  }
  const shortName = base.startsWith(prefix) ? base.slice(prefix.length) : base;
  const words = shortName.split(/[^a-z0-9]+/).filter((word) => word !== "");
  const pascalName = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
  const snakeName = words.join("_");
  const camelName = `${pascalName[0]?.toLowerCase() ?? ""}${pascalName.slice(1)}`;
  expectIdentifier(camelName, shortName);
  return {
    packageName,
    shortName,
    camelName,
    pascalName,
    snakeName,
    upperName: snakeName.toUpperCase(),
  };
}

/** The scope, with its slash, and the rest of a name in the form that npm accepts for new packages. */
function splitName(typed: string): { scope: string; base: string } {
  const match = /^(@[a-z0-9][a-z0-9._-]*\/)?([a-z0-9][a-z0-9._-]*)$/.exec(typed);
  if (!match) {
    throw new CreateError(
      `${JSON.stringify(typed)} is not a name of an npm package. Use lower-case letters, digits, and "-", ` +
        `"." or "_" between them, such as my-name or @my-scope/my-name.`,
    );
  }
  return { scope: match[1] ?? "", base: match[2] ?? "" };
}

/** The short name becomes the name of a function, so it must make an identifier. */
function expectIdentifier(camelName: string, shortName: string): void {
  if (!/^[a-z]/.test(camelName)) {
    throw new CreateError(
      `The name ${JSON.stringify(shortName)} must start with a letter, because a function is called after it.`,
    );
  }
  if (reservedWords.has(camelName)) {
    throw new CreateError(
      `The name ${JSON.stringify(shortName)} would call a function ${camelName}, which the code uses for ` +
        "something else. Use another name, such as " +
        `my-${shortName}.`,
    );
  }
}

/** Reserved words of JavaScript and TypeScript's strict mode, and the names that the created code exports or imports. */
const reservedWords: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private " +
    "protected public return static super switch this throw true try typeof undefined var void while with yield " +
    "arch capabilities driver kernels source"
  ).split(" "),
);
