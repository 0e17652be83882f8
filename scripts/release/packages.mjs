import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));

function foldersIn(root, parent) {
  const path = join(root, parent);
  return existsSync(path) ? readdirSync(path).map((name) => `${parent}/${name}`) : [];
}

/**
 * The packages of a repository that are published: `{ folder, manifest, platform }`. `folder` is relative to the root. `platform`
 * is the platform tag, such as `linux-x64`, of a package that holds an addon, and undefined for all others.
 */
export function publicPackages(root) {
  const libraries = foldersIn(root, "packages");
  const platforms = libraries.flatMap((folder) => foldersIn(root, `${folder}/platforms`));
  return [...libraries, ...platforms, ...foldersIn(root, "apps")]
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => ({
      folder,
      manifest: readJson(join(root, folder, "package.json")),
      platform: /\/platforms\/(.+)$/.exec(folder)?.[1],
    }))
    .filter(({ manifest }) => !manifest.private);
}

/** The public packages without those of platforms that `platforms` does not name. Without `platforms`: all. */
export function releasedPackages(root, platforms) {
  const all = publicPackages(root);
  const known = all.map(({ platform }) => platform);
  const unknown = platforms?.filter((tag) => !known.includes(tag)) ?? [];
  if (unknown.length > 0) throw new Error(`no package holds an addon for ${unknown.join(", ")}`);
  return all.filter(({ platform }) => !platform || !platforms || platforms.includes(platform));
}

/** The files that a manifest names in `exports`, `main`, `module`, `types`, `typesVersions` and `bin`, without patterns. */
export function namedFiles({ exports, main, module, types, typesVersions, bin }) {
  const values = (value) => {
    if (typeof value === "string") return [value];
    return value && typeof value === "object" ? Object.values(value).flatMap(values) : [];
  };
  const named = values([exports, main, module, types, typesVersions, bin]);
  return [...new Set(named.map((path) => path.replace(/^\.\//, "")))].filter(
    (path) => !path.includes("*"),
  );
}

/** The files and directories that a manifest names and that are missing or empty in its folder. */
export function missingFiles(folder, manifest) {
  const listed = (manifest.files ?? []).filter((path) => !/[!*{]/.test(path));
  const isFilled = (path) => {
    const stats = statSync(join(folder, path), { throwIfNoEntry: false });
    return stats !== undefined && (stats.isDirectory() || stats.size > 0);
  };
  return [...new Set([...namedFiles(manifest), ...listed])].filter((path) => !isFilled(path));
}
