import { fileURLToPath } from "node:url";
import { renamed, withVersions } from "../../create/scripts/repository.js";
import { type Template, textsIn } from "../../create/src/template.js";

/** The names in the sources of the template, which compile in this repository, and what takes their place. */
const names = [
  [/ripvec-arch-my-arch/g, "{{packageName}}"],
  [/\bmy-arch\b/g, "{{shortName}}"],
  [/\bmyArch\b/g, "{{camelName}}"],
] as const;

/** A small transformer with its definition in f64 and the test that compares them. */
export function archTemplate(): Template {
  const sources = textsIn(fileURLToPath(new URL("../template", import.meta.url)));
  return withVersions(renamed(sources, names, /my-?arch/i));
}
