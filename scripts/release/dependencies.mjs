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

/**
 * Checks that each dependency is a tarball of this release with a fitting version, a package of a platform that was left out, or on the
 * registry. `versionsOf(name, range)` resolves with the fitting versions that the registry has.
 */
export async function checkDependencies({ tarballs, omitted, versionsOf }) {
  const released = new Map(tarballs.map(({ manifest }) => [manifest.name, manifest.version]));
  const problems = tarballs.map(async ({ manifest }) => {
    const found = dependenciesOf(manifest).map(async ([name, range]) => {
      const version = released.get(name);
      if (version && !fits(version, range))
        return [`${manifest.name} needs ${name} ${range}, and this release has ${version}`];
      if (version || omitted.includes(name) || (await versionsOf(name, range)).length > 0)
        return [];
      return [
        `${manifest.name} needs ${name} ${range}, which is neither in this release nor on the registry`,
      ];
    });
    return (await Promise.all(found)).flat();
  });
  return (await Promise.all(problems)).flat();
}
