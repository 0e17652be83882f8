import { publicPackages } from "./packages.mjs";
import { readFiles } from "./tarball.mjs";

/** The paths whose bytes differ. package.json is left out, because the ranges of its dependencies follow other releases. */
function differences(files, earlier) {
  const paths = new Set([...files.keys(), ...earlier.keys()]);
  paths.delete("package.json");
  return [...paths].filter((path) => {
    const [now, before] = [files.get(path), earlier.get(path)];
    return !now || !before || !now.equals(before);
  });
}

/**
 * One line for each tarball whose version an earlier release published with other files: its change has no changeset. Addons are
 * left out, because each run of a compiler may give other bytes.
 */
export async function unreleasedChanges(root, tarballs, registry) {
  const platforms = publicPackages(root).filter(({ platform }) => platform);
  const addons = new Set(platforms.map(({ manifest }) => manifest.name));
  const lines = [];
  for (const { manifest, files } of tarballs.filter((each) => !addons.has(each.manifest.name))) {
    const { name, version } = manifest;
    const earlier = readFiles(await registry.tarballOf(name, version), `${name}@${version}`);
    const changed = differences(files, earlier);
    if (changed.length > 0)
      lines.push(
        `${name} changed since version ${version} was published, without a changeset: ${changed.join(", ")}`,
      );
  }
  return lines;
}
