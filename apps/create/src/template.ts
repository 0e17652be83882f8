import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { ProjectNames } from "./project-names.js";

/**
 * The files of a project before its names are known: text by path, with `/` between folders. In texts and paths,
 * `{{packageName}}` stands for the name of the package. Each other field of ProjectNames has such a placeholder too.
 */
export type Template = Readonly<Record<string, string>>;

/** The template that a folder holds, for builds. The file `gitignore` becomes `.gitignore`, which npm would not pack. */
export function textsIn(folder: string): Template {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.sort().map((file) => {
      const path = relative(folder, file).split(sep).join("/");
      return [path === "gitignore" ? ".gitignore" : path, readFileSync(file, "utf8")];
    }),
  );
}

/** Puts the names into the paths and the texts of a template. */
export function withNames(template: Template, names: ProjectNames): Template {
  const entries = Object.entries(names);
  const replaced = (text: string): string =>
    entries.reduce((before, [field, name]) => before.replaceAll(`{{${field}}}`, name), text);
  return Object.fromEntries(
    Object.entries(template).map(([path, text]) => [replaced(path), replaced(text)]),
  );
}
