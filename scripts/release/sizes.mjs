import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const kilobytes = (bytes) => Math.ceil(bytes / 1000);

function folderSize(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .reduce((sum, entry) => {
      const path = join(folder, entry.name);
      return sum + (entry.isDirectory() ? folderSize(path) : statSync(path).size);
    }, 0);
}

/**
 * The sizes of a tarball in kB (1000 bytes): `download` is the tarball, `installed` all its files, and `code` its ES modules, compressed
 * by gzip.
 */
export function sizesOf({ size, files }) {
  const all = [...files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  const modules = [...files]
    .filter(([path]) => /^dist\/.*\.js$/.test(path))
    .map(([, bytes]) => bytes);
  const code = modules.length === 0 ? 0 : gzipSync(Buffer.concat(modules), { level: 9 }).length;
  return { download: kilobytes(size), installed: kilobytes(all), code: kilobytes(code) };
}

function budgetProblems(name, sizes, budget) {
  if (!budget)
    return [
      `${name} has no budget in scripts/release/budgets.json; it has ${JSON.stringify(sizes)}`,
    ];
  return Object.entries(budget)
    .filter(([kind, limit]) => sizes[kind] > limit)
    .map(
      ([kind, limit]) => `${name}: ${kind} has ${sizes[kind]} kB, and the budget is ${limit} kB`,
    );
}

/** The installed sizes in kB of the packages of other publishers that a tarball depends on, as this repository has them installed. */
function foreignSizes(root, { folder, manifest }, released) {
  return Object.keys(manifest.dependencies ?? {})
    .filter((name) => !released.has(name))
    .map((name) => kilobytes(folderSize(realpathSync(join(root, folder, "node_modules", name)))));
}

/** What a set-up takes after its installation, in kB: its packages with all their dependencies, and the largest addon. */
function setUpSize(root, names, { packages, tarballs }) {
  const released = new Map(tarballs.map((tarball) => [tarball.manifest.name, tarball]));
  const installed = (tarball) => sizesOf(tarball).installed;
  const own = names.map((name) => installed(released.get(name)));
  const addons = packages
    .filter(({ platform }) => platform)
    .map(({ manifest }) => installed(released.get(manifest.name)));
  const foreign = packages
    .filter(({ manifest }) => names.includes(manifest.name))
    .flatMap((each) => foreignSizes(root, each, released));
  return [...own, Math.max(0, ...addons), ...foreign].reduce((sum, size) => sum + size, 0);
}

/**
 * Checks tarballs and set-ups against the budgets: `{ packages: { [name]: sizes }, platform: sizes, setUps: { [name]: { packages,
 * installed } } }`.
 */
export function checkSizes({ root, packages, tarballs, budgets }) {
  const platforms = new Set(
    packages.filter(({ platform }) => platform).map(({ manifest }) => manifest.name),
  );
  const single = tarballs.flatMap((tarball) => {
    const { name } = tarball.manifest;
    const budget = platforms.has(name) ? budgets.platform : budgets.packages[name];
    return budgetProblems(name, sizesOf(tarball), budget);
  });
  const combined = Object.entries(budgets.setUps).flatMap(
    ([name, { packages: names, installed }]) =>
      budgetProblems(
        `set-up ${name}`,
        { installed: setUpSize(root, names, { packages, tarballs }) },
        { installed },
      ),
  );
  return [...single, ...combined];
}
