import { join } from "node:path";
import type { AddonSource } from "./addon-source.js";
import { type DriverPlace, resolveFrom } from "./find-driver.js";

/** What helps on this machine if there is no addon at all. */
export function remedyForMissing(source: AddonSource, place: DriverPlace, tag: string): string {
  const { packageName, platforms } = source;
  const published =
    platforms && `Addons of ${packageName} are published for ${platforms.join(", ")}.`;
  return [published, remedyFor(source, place, tag)].filter(Boolean).join(" ");
}

function remedyFor(source: AddonSource, { root, bundles }: DriverPlace, tag: string): string {
  const { platforms } = source;
  if (platforms && !platforms.includes(tag)) return remedyForUnpublished(source, tag);
  if (root === undefined) return remedyForBundle(source, bundles[0] ?? "the bundle", tag);
  return platforms ? remedyForInstallation(source, root, tag) : remedyForUnknown(source, tag);
}

function remedyForUnpublished({ environmentVariable, help }: AddonSource, tag: string): string {
  return (
    `None is published for ${tag}, so installing again does not help. Use another driver, such as @ripvec/driver-webgpu, or ` +
    `build the addon on this machine and name it by the option binaryPath or ${environmentVariable}: ${help}`
  );
}

function remedyForBundle(source: AddonSource, bundle: string, tag: string): string {
  const { packageName, version, fileStem, environmentVariable, help } = source;
  const wanted = version ? `${packageName} ${version}` : packageName;
  return (
    `The code of ${packageName} was bundled, and ${wanted} is not installed where ${bundle} is. Mark ${packageName} as external in ` +
    `the bundler, or copy ${fileStem}.node from the package ${packageName}-${tag} into the folder of the bundle, or name it by the ` +
    `option binaryPath or ${environmentVariable}: ${help}`
  );
}

function remedyForInstallation(source: AddonSource, root: string, tag: string): string {
  const { packageName, version, platforms = [], environmentVariable, help } = source;
  const from = join(root, "package.json");
  const others = platforms.filter((each) => resolveFrom(from, `${packageName}-${each}`));
  const cause =
    others.length > 0
      ? `The packages were installed on or for ${others.join(", ")}: install them on this machine.`
      : `The package ${packageName}-${tag} is missing: optional dependencies were left out (--omit=optional, --no-optional), or the ` +
        `lockfile was made on another platform.`;
  return (
    `${cause} \`npm install ${packageName}-${tag}${version ? `@${version}` : ""}\` adds the missing package. To use another addon, name it by the option ` +
    `binaryPath or ${environmentVariable}: ${help}`
  );
}

/** For a driver that does not say which platforms it has addons for. */
function remedyForUnknown({ environmentVariable, help }: AddonSource, tag: string): string {
  return (
    `If none is published for ${tag}, build the addon on this machine and name it by the option binaryPath or ` +
    `${environmentVariable}: ${help}`
  );
}
