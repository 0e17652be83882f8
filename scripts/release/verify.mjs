/**
 * Checks all tarballs of a release before the first is published:
 *   node scripts/release/verify.mjs <folder> [--platforms linux-x64,…] [--glibc 2.28] [--offline] [--registry <url>]
 * `--platforms` names the platforms whose addons must be there; default: all. `--glibc` is the newest version that an addon may need.
 * `--offline` takes dependencies of other publishers as given, without asking the registry.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root as repository } from "../toolchain.mjs";
import { checkAddon } from "./addons.mjs";
import { checkContents } from "./contents.mjs";
import { checkDependencies } from "./dependencies.mjs";
import { lintAll } from "./lint.mjs";
import { checkManifest, checkVersion } from "./manifest.mjs";
import { openRegistry } from "./npm.mjs";
import { publicPackages, releasedPackages } from "./packages.mjs";
import { checkSizes } from "./sizes.mjs";
import { readTarballs } from "./tarball.mjs";

const ownBudgets = new URL("budgets.json", import.meta.url);

/** Checks that there is one tarball for each package, with the version that the repository has. */
function checkSet(packages, tarballs) {
  const names = tarballs.map(({ manifest }) => manifest.name);
  const expected = new Map(packages.map((each) => [each.manifest.name, each]));
  const missing = [...expected]
    .filter(([name]) => !names.includes(name))
    .map(
      ([name, { platform }]) => `missing: ${name}${platform ? `, the addon for ${platform}` : ""}`,
    );
  const wrong = tarballs.flatMap(({ manifest: { name, version } }, i) => {
    const found = expected.get(name);
    if (!found) return [`${name} is not a public package of this repository`];
    if (names.indexOf(name) !== i) return [`${name} is there twice`];
    const { version: own } = found.manifest;
    return version === own ? [] : [`${name} has version ${version}, and the repository has ${own}`];
  });
  return [...missing, ...wrong];
}

function checkAddons(root, packages, tarballs, { glibc, load }) {
  const platforms = packages.filter(({ platform }) => platform);
  const checks = platforms.map(({ folder, manifest, platform: tag }) => {
    const tarball = tarballs.find((each) => each.manifest.name === manifest.name);
    const driverFolder = join(root, folder, "../..");
    const driver = packages.find((each) => join(root, each.folder) === driverFolder);
    const { variants } = driver?.manifest.ripvec ?? {};
    return checkAddon({ tarball, tag, glibc, load, driverFolder, variants });
  });
  return Promise.all(checks);
}

/**
 * What is wrong with the tarballs in a folder, one line each. If tarballs are missing, nothing else is checked. `lint` runs publint and
 * attw, and `load` loads this machine's addon. `unreleased` accepts packages whose version was not raised yet. The other options are those of the command line.
 */
export async function problemsOf(folder, options = {}) {
  const { root = repository, platforms, glibc = "2.28", lint = true, load = true } = options;
  const budgets = options.budgets ?? JSON.parse(readFileSync(ownBudgets, "utf8"));
  const registry = options.offline ? undefined : await openRegistry(options.registry);
  const packages = releasedPackages(root, platforms);
  const tarballs = readTarballs(resolve(folder));
  const incomplete = checkSet(packages, tarballs);
  if (incomplete.length > 0) return incomplete;
  const names = packages.map(({ manifest }) => manifest.name);
  const omitted = publicPackages(root)
    .map(({ manifest }) => manifest.name)
    .filter((name) => !names.includes(name));
  const folders = new Map(packages.map((each) => [each.manifest.name, each.folder]));
  return [
    ...(options.unreleased ? [] : tarballs.flatMap(({ manifest }) => checkVersion(manifest))),
    ...tarballs.flatMap(({ manifest }) => checkManifest(manifest, folders.get(manifest.name))),
    ...tarballs.flatMap(checkContents),
    ...(await checkDependencies({ tarballs, omitted, registry })),
    ...(await checkAddons(root, packages, tarballs, { glibc, load })).flat(),
    ...checkSizes({ root, packages, tarballs, budgets }),
    ...(lint ? await lintAll(tarballs) : []),
  ];
}

/** Throws an error that lists all problems, unless the tarballs in a folder can be published. Options: see `problemsOf`. */
export async function verify(folder, options) {
  const problems = await problemsOf(folder, options);
  if (problems.length > 0)
    throw new Error(`These packages cannot be published:\n  ${problems.join("\n  ")}`);
}

if (import.meta.filename === process.argv[1]) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      platforms: { type: "string" },
      glibc: { type: "string" },
      offline: { type: "boolean" },
      registry: { type: "string" },
    },
  });
  if (positionals.length !== 1) throw new Error("usage: verify.mjs <folder> [options]");
  try {
    await verify(positionals[0], { ...values, platforms: values.platforms?.split(",") });
    console.log(`${positionals[0]}: every package can be published`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
