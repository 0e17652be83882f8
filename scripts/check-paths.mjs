/**
 * Checks that `paths` of tsconfig.base.json maps every entry of every package to its source, and nothing else. The
 * compiler and vitest resolve packages by these paths; an entry without one would be taken from a stale `dist`.
 * An entry is an export of a package.json whose program is ./dist/<name>.js; its source is src/<name>.ts.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./toolchain.mjs";

const readJson = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** The import name and the source of each entry of a package. */
function entriesOf(folder) {
  const { name, exports = {} } = readJson(`${folder}/package.json`);
  return Object.entries(exports).flatMap(([subpath, target]) => {
    const stem = /^\.\/dist\/(.+)\.js$/.exec(target.import?.default ?? "")?.[1];
    return stem === undefined ? [] : [[name + subpath.slice(1), `./${folder}/src/${stem}.ts`]];
  });
}

const folders = ["packages", "apps"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
  .filter((folder) => existsSync(join(root, folder, "package.json")));
const expected = new Map(folders.flatMap(entriesOf));
const paths = new Map(Object.entries(readJson("tsconfig.base.json").compilerOptions.paths));

const problems = [];
for (const [name, source] of expected) {
  if (!existsSync(join(root, source)))
    problems.push(`${source}, the source of ${name}, is missing`);
  if (paths.get(name)?.join() !== source) {
    problems.push(`paths of tsconfig.base.json must hold "${name}": ["${source}"]`);
  }
}
for (const name of paths.keys()) {
  if (!expected.has(name)) problems.push(`paths holds "${name}", which no package.json exports`);
}
for (const problem of problems) console.error(problem);
console.log(`paths: ${expected.size} entries, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
