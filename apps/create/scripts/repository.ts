import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Template } from "../src/template.js";

/** The folder of the repository, with a slash at its end. */
export const repository: string = fileURLToPath(new URL("../../../", import.meta.url));

export function readText(path: string): string {
  return readFileSync(repository + path, "utf8");
}

interface PackageJson {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const packageJson = (folder: string): PackageJson => JSON.parse(readText(`${folder}package.json`));

/** The versions of this release, and those of the tools that it was made with. */
const versions: Readonly<Record<string, string | undefined>> = {
  ...packageJson("").devDependencies,
  ...packageJson("packages/native/").devDependencies,
  "@ripvec/arch-kit": packageJson("packages/arch-kit/").version,
  "@ripvec/core": packageJson("packages/core/").version,
  "@ripvec/driver-testkit": packageJson("packages/driver-testkit/").version,
  "@ripvec/native": packageJson("packages/native/").version,
};

/** Replaces `workspace:^` and `workspace:*` in the package.json of a template, as pnpm does when it packs a package. */
export function withVersions(template: Template): Template {
  const text = template["package.json"] ?? "";
  const replaced = text.replace(
    /"([^"\n]+)": "workspace:([\^*])"/g,
    (_, name: string, range: string) => {
      const version = versions[name];
      if (version === undefined) throw new Error(`the repository has no version of ${name}`);
      return `"${name}": "${range === "^" ? "^" : ""}${version}"`;
    },
  );
  return { ...template, "package.json": replaced };
}

/**
 * Replaces the names of an example by the placeholders of a template. Throws if `forbidden` is still in the code, since
 * a name would then stay behind in created projects.
 */
export function renamed(
  template: Template,
  names: readonly (readonly [RegExp, string])[],
  forbidden: RegExp,
): Template {
  return Object.fromEntries(
    Object.entries(template).map(([path, text]) => {
      const code = names.reduce((before, [name, after]) => before.replaceAll(name, after), text);
      const left = forbidden.exec(code);
      if (left) throw new Error(`${path} of the template still has ${JSON.stringify(left[0])}`);
      return [path, code];
    }),
  );
}
