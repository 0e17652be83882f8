/**
 * Publishes the tarballs of a folder, dependencies first, and then creates a git tag for each:
 *   node scripts/release/publish.mjs <folder> [--dry-run] [--no-tags] [--registry <url>]
 * Run it again after a failure: it publishes what is missing. The registry and its credentials come from npm's own
 * configuration. Under GitHub Actions the packages get a statement of provenance.
 */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { root as repository } from "../toolchain.mjs";
import { unreleasedChanges } from "./changes.mjs";
import { inOrder } from "./dependencies.mjs";
import { npm, openRegistry } from "./npm.mjs";
import { readTarballs } from "./tarball.mjs";

const tagOf = ({ manifest: { name, version } }) => `${name}@${version}`;

const git = (root, ...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" });

/**
 * Whether a tarball is to be published: "publish", "published" if the registry has the same bytes, "kept" if an earlier release
 * published this version with other bytes, or "conflict" if that was no complete release. The git tag marks a complete release.
 */
async function stateOf(tarball, tags, registry) {
  const { name, version } = tarball.manifest;
  const { [version]: found } = await registry.versionsOf(name);
  if (!found) return "publish";
  if (!found.dist?.integrity)
    throw new Error(`${registry.url} gives no dist.integrity for ${name}@${version}`);
  if (found.dist.integrity === tarball.integrity) return "published";
  return tags.has(tagOf(tarball)) ? "kept" : "conflict";
}

function publishOne(tarball, registry) {
  const provenance = process.env.GITHUB_ACTIONS === "true" ? ["--provenance"] : [];
  const target = ["--registry", registry.url, "--access", "public", "--ignore-scripts"];
  return npm(["publish", tarball.path, ...target, ...provenance]);
}

/**
 * Publishes the tarballs of a folder that the registry lacks. Resolves with the state of each, `[{ name, state }]`, in the order of
 * publication. Throws before the first is published if a version is on the registry with other bytes, other than those of addons and of
 * package.json.
 */
export async function publish(folder, options = {}) {
  const { root = repository, dryRun = false, tags: setsTags = true, log = console.log } = options;
  const registry = await openRegistry(options.registry);
  const tags = new Set(git(root, "tag", "--list").split("\n"));
  const tarballs = readTarballs(resolve(folder));
  if (tarballs.length === 0) throw new Error(`${folder} has no tarballs`);
  const plan = [];
  for (const tarball of inOrder(tarballs))
    plan.push({ tarball, name: tagOf(tarball), state: await stateOf(tarball, tags, registry) });
  const conflicts = plan.filter(({ state }) => state === "conflict").map(({ name }) => name);
  if (conflicts.length > 0) {
    throw new Error(
      `The registry has other bytes for ${conflicts.join(", ")}, from a release that was not completed. Nothing was published. Run the failed release again with its own tarballs, or raise these versions with a changeset.`,
    );
  }
  const kept = plan.filter(({ state }) => state === "kept").map(({ tarball }) => tarball);
  const changes = await unreleasedChanges(root, kept, registry);
  if (changes.length > 0) throw new Error(`Nothing was published:\n  ${changes.join("\n  ")}`);
  for (const { tarball, name, state } of plan) {
    log(`${dryRun && state === "publish" ? "would publish" : state}: ${name}`);
    if (state === "publish" && !dryRun) await publishOne(tarball, registry);
  }
  if (setsTags && !dryRun) for (const { name } of plan) if (!tags.has(name)) git(root, "tag", name);
  return plan.map(({ name, state }) => ({ name, state }));
}

if (import.meta.filename === process.argv[1]) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "dry-run": { type: "boolean" },
      "no-tags": { type: "boolean" },
      registry: { type: "string" },
    },
  });
  if (positionals.length !== 1) throw new Error("usage: publish.mjs <folder> [options]");
  const { "dry-run": dryRun, "no-tags": noTags, registry } = values;
  try {
    await publish(positionals[0], { dryRun, tags: !noTags, registry });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
