import type { Template } from "./template.js";

/**
 * The names that the sources of a template import or declare beside `{{camelName}}`. A project whose function had one of
 * them would not compile.
 */
export function usedNames(template: Template): ReadonlySet<string> {
  const sources = Object.entries(template).filter(
    ([path, text]) => /\.[jt]s$/.test(path) && text.includes("{{camelName}}"),
  );
  return new Set(sources.flatMap(([, text]) => [...importedIn(text), ...declaredIn(text)]));
}

/** The names after `as`, or else the imported names. */
function importedIn(text: string): string[] {
  const lists = [...text.matchAll(/^import (?:type )?\{([^}]*)\}/gm)];
  return lists
    .flatMap(([, list = ""]) => list.split(","))
    .map((item) => /([\w$]+)\s*$/.exec(item)?.[1] ?? "")
    .filter((name) => name !== "");
}

function declaredIn(text: string): string[] {
  const declaration = /\b(?:function|const|let|class|interface|type) ([A-Za-z_$][\w$]*)/g;
  return [...text.matchAll(declaration)].map(([, name = ""]) => name);
}
