import semver from "semver";

const dependencyFields = [
  "dependencies",
  "optionalDependencies",
  "peerDependencies",
  "devDependencies",
];
const installScripts = [
  "preinstall",
  "install",
  "postinstall",
  "prepare",
  "prepack",
  "prepublishOnly",
];

/** What npm's page and package managers read, with a test of each. `folder` is the folder in the repository. */
const fields = {
  description: ({ description }) => description?.length > 0,
  keywords: ({ keywords }) => keywords?.length > 0,
  license: ({ license }) => license?.length > 0,
  homepage: ({ homepage }) => homepage?.startsWith("https://"),
  "bugs.url": ({ bugs }) => bugs?.url?.startsWith("https://"),
  "repository.url": ({ repository }) => repository?.url?.startsWith("git+https://"),
  "repository.directory": ({ repository }, folder) => repository?.directory === folder,
  "engines.node": ({ engines }) => engines?.node?.length > 0,
  "publishConfig.access": ({ publishConfig }) => publishConfig?.access === "public",
};

/** Says why a version cannot be released, if it is 0.0.0 or a prerelease. */
export function checkVersion({ name, version }) {
  if (version === "0.0.0") return [`${name} has no released version: add a changeset`];
  const prerelease = semver.prerelease(version);
  return prerelease ? [`${name} has the prerelease version ${version}: releases have none`] : [];
}

/** Checks the package.json of a tarball that was packed in `folder`. */
export function checkManifest(manifest, folder) {
  const wrong = Object.entries(fields)
    .filter(([, isRight]) => !isRight(manifest, folder))
    .map(([field]) => `package.json has a missing or wrong ${field}`);
  const local = dependencyFields.flatMap((field) =>
    Object.entries(manifest[field] ?? {})
      .filter(([, range]) => /^(workspace|catalog|link|file):/.test(range))
      .map(
        ([name, range]) =>
          `package.json has ${field}.${name} "${range}", which only works in this repository`,
      ),
  );
  const scripts = installScripts
    .filter((script) => manifest.scripts?.[script] !== undefined)
    .map(
      (script) => `package.json has the script ${script}, which would run where it is installed`,
    );
  return [...wrong, ...local, ...scripts].map((problem) => `${manifest.name}: ${problem}`);
}
