/**
 * Checks the declarations of every built library: each named type that they declare is exported by one of the package's
 * entries, so that users can name it. Prints the others, and exits with 1 if there are any.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { publicPackages } from "./release/packages.mjs";
import { root } from "./toolchain.mjs";

const declaration = /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm;
const exportList = /^export (?:type )?\{([^}]*)\}/gm;

/** `type A as B` is exported as B. */
const exportedName = (item) => item.trim().split(/\s+/).at(-1);

function matches(text, pattern) {
  return [...text.matchAll(pattern)].map(([, group]) => group);
}

/** The declaration files of the entries, as package.json names them. */
function entriesOf(folder, { exports = {} }) {
  const types = Object.values(exports).map((entry) => entry.import?.types);
  return types.filter((path) => path !== undefined).map((path) => join(folder, path));
}

function unexported(folder, entries) {
  const lists = entries.flatMap((file) => matches(readFileSync(file, "utf8"), exportList));
  const exported = new Set(lists.flatMap((list) => list.split(",").map(exportedName)));
  const files = readdirSync(join(folder, "dist")).filter((file) => file.endsWith(".d.ts"));
  const declared = files.flatMap((file) =>
    matches(readFileSync(join(folder, "dist", file), "utf8"), declaration),
  );
  return declared.filter((name) => !exported.has(name));
}

let failed = false;
for (const { folder, manifest } of publicPackages(root)) {
  const path = join(root, folder);
  const entries = entriesOf(path, manifest);
  if (entries.length === 0 || !existsSync(join(path, "dist"))) continue;
  const names = unexported(path, entries);
  if (names.length === 0) continue;
  failed = true;
  console.error(`${folder}: declared and not exported: ${names.join(", ")}`);
}
process.exit(failed ? 1 : 0);
