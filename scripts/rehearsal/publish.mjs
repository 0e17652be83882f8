import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Publishes every public package of a scratch release. Resolves with their versions by name. */
export async function publishTo({ pnpm, registry }) {
  await pnpm("-r", "publish", "--no-git-checks", "--registry", registry);
  const listed = JSON.parse(await pnpm("-r", "list", "--depth", "-1", "--json"));
  const manifests = listed.map(({ path }) =>
    JSON.parse(readFileSync(join(path, "package.json"), "utf8")),
  );
  const published = manifests.filter((manifest) => !manifest.private);
  return new Map(published.map(({ name, version }) => [name, version]));
}
