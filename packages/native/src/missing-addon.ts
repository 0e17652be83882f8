import { join } from "node:path";
import type { AddonSource } from "./addon-source.js";
import { type DriverPlace, resolveFrom } from "./find-driver.js";

/** What helps on this machine if there is no addon at all. */
export function remedyForMissing(source: AddonSource, place: DriverPlace, tag: string): string {
  const { name, ripvec } = source.manifest;
  const { platforms } = ripvec;
  const published = platforms && `Addons of ${name} are published for ${platforms.join(", ")}.`;
  const remedy =
    platforms && !platforms.includes(tag)
      ? remedyForUnpublished(source, tag)
      : place.root === undefined
        ? remedyForBundle(source, place, tag)
        : remedyForInstallation(source, place.root, tag);
  return [published, remedy].filter(Boolean).join(" ");
}

function remedyForUnpublished({ manifest, help }: AddonSource, tag: string): string {
  return (
    `None is published for ${tag}, so installing again does not help. Use another driver, such as @ripvec/driver-webgpu, or ` +
    `build the addon on this machine and name it by the option binaryPath or ${manifest.ripvec.environmentVariable}: ${help}`
  );
}

function remedyForBundle({ manifest, help }: AddonSource, place: DriverPlace, tag: string): string {
  const { name, version, ripvec } = manifest;
  const bundle = place.bundles[0] ?? "the bundle";
  return (
    `The code of ${name} was bundled, and ${name} ${version} is not installed where ${bundle} is. Mark ${name} as external in ` +
    `the bundler, or copy ${ripvec.addon}.node from the package ${name}-${tag} into the folder of the bundle, or name it by the ` +
    `option binaryPath or ${ripvec.environmentVariable}: ${help}`
  );
}

function remedyForInstallation({ manifest, help }: AddonSource, root: string, tag: string): string {
  const { name, version, ripvec } = manifest;
  const from = join(root, "package.json");
  const others = (ripvec.platforms ?? []).filter((each) => resolveFrom(from, `${name}-${each}`));
  const cause =
    others.length > 0
      ? `The packages were installed on or for ${others.join(", ")}: install them on this machine.`
      : `The package ${name}-${tag} is missing: optional dependencies were left out (--omit=optional, --no-optional), or the ` +
        `lockfile was made on another platform.`;
  return (
    `${cause} \`npm install ${name}-${tag}@${version}\` adds the missing package. To use another addon, name it by the option ` +
    `binaryPath or ${ripvec.environmentVariable}: ${help}`
  );
}
