/**
 * Checks the declarations of every built library: each named type that they declare is exported by one of the package's
 * entries, so that users can name it. Prints the others, and exits with 1 if there are any.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./toolchain.mjs";

const declaration = /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm;
const exportList = /^export (?:type )?\{([^}]*)\}/gm;

/** `type A as B` is exported as B. */
const exportedName = (item) => item.trim().split(/\s+/).at(-1);

function matches(text, pattern) {
  return [...text.matchAll(pattern)].map(([, group]) => group);
}

/** The declaration files of the entries, as package.json names them. */
function entriesOf(folder) {
  const { exports = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const types = Object.values(exports).map((entry) => entry.import?.types);
  return types.filter((path) => path !== undefined).map((path) => join(folder, path));
}

function unexported(folder) {
  const lists = entriesOf(folder).flatMap((file) =>
    matches(readFileSync(file, "utf8"), exportList),
  );
  const exported = new Set(lists.flatMap((list) => list.split(",").map(exportedName)));
  const files = readdirSync(join(folder, "dist")).filter((file) => file.endsWith(".d.ts"));
  const declared = files.flatMap((file) =>
    matches(readFileSync(join(folder, "dist", file), "utf8"), declaration),
  );
  return declared.filter((name) => !exported.has(name));
}

let failed = false;
for (const name of readdirSync(join(root, "packages"))) {
  const folder = join(root, "packages", name);
  if (!existsSync(join(folder, "dist"))) continue;
  const names = unexported(folder);
  if (names.length === 0) continue;
  failed = true;
  console.error(`packages/${name}: declared and not exported: ${names.join(", ")}`);
}
process.exit(failed ? 1 : 0);
