import semver from "semver";

const fields = ["dependencies", "optionalDependencies", "peerDependencies"];

/** Whether a version is in a range, as package managers see it. */
export const fits = (version, range) => semver.satisfies(version, range);

/** `[name, range]` of everything that an installation of this package may bring with it. */
export const dependenciesOf = (manifest) =>
  fields.flatMap((field) => Object.entries(manifest[field] ?? {}));

/** The tarballs with every dependency before its dependents. Throws if dependencies form a cycle. */
export function inOrder(tarballs) {
  const byName = new Map(tarballs.map((tarball) => [tarball.manifest.name, tarball]));
  const ordered = new Set();
  const visit = (tarball, path) => {
    const { name } = tarball.manifest;
    if (path.includes(name)) throw new Error(`cyclic dependencies: ${[...path, name].join(" → ")}`);
    for (const [dependency] of dependenciesOf(tarball.manifest)) {
      const found = byName.get(dependency);
      if (found && !ordered.has(found)) visit(found, [...path, name]);
    }
    ordered.add(tarball);
  };
  for (const tarball of tarballs) visit(tarball, []);
  return [...ordered];
}

async function problemOf(name, range, { released, omitted, registry }) {
  const version = released.get(name);
  if (version) return fits(version, range) ? undefined : `and this release has ${version}`;
  if (omitted.includes(name) || !registry) return undefined;
  const versions = Object.keys(await registry.versionsOf(name));
  if (versions.some((each) => fits(each, range))) return undefined;
  return "which is neither in this release nor on the registry";
}

/**
 * Checks that each dependency is a tarball of this release with a fitting version, is a package of a platform that was left out, or is on
 * the registry. Without a registry, dependencies of other publishers are taken as given.
 */
export async function checkDependencies({ tarballs, omitted, registry }) {
  const released = new Map(tarballs.map(({ manifest }) => [manifest.name, manifest.version]));
  const problems = [];
  for (const { manifest } of tarballs) {
    for (const [name, range] of dependenciesOf(manifest)) {
      const problem = await problemOf(name, range, { released, omitted, registry });
      if (problem) problems.push(`${manifest.name} needs ${name} ${range}, ${problem}`);
    }
  }
  return problems;
}
