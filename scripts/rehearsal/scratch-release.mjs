import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cleanEnvironment, root } from "../toolchain.mjs";
import { runCommand } from "./run-command.mjs";

const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const platforms = "packages/driver-cpu/platforms";

const git = (cwd, ...args) => execFileSync("git", args, { cwd, encoding: "utf8", maxBuffer: 1e8 });

/** Copies what git knows of, or would add. */
function copySources(to) {
  const listed = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
  for (const path of new Set(listed.split("\0").filter(Boolean))) {
    if (!existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(root, path), join(to, path), { verbatimSymlinks: true });
  }
}

/** Copies the addons that were built, and returns the tags of their platforms. Others get a file that cannot be loaded. */
function copyAddons(to) {
  const built = [];
  for (const tag of readdirSync(join(root, platforms))) {
    const file = join(platforms, tag, "driver_cpu.node");
    if (existsSync(join(root, file))) {
      cpSync(join(root, file), join(to, file));
      built.push(tag);
    } else writeFileSync(join(to, file), "This addon was not built for the rehearsal.\n");
  }
  return built;
}

function commitAll(folder, message) {
  git(folder, "add", "--all");
  const author = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@localhost"];
  git(folder, ...author, "commit", "--quiet", "--no-verify", "--message", message);
}

/**
 * Makes a copy of the repository in which the versions of the next release are set and everything is built, as the
 * release workflow does it. The addons are those that lie in the repository.
 */
export async function makeScratchRelease(folder, npmrc) {
  mkdirSync(folder, { recursive: true });
  copySources(folder);
  git(folder, "init", "--quiet", "--initial-branch=main");
  commitAll(folder, "Before the release");
  const env = { ...cleanEnvironment(), npm_config_userconfig: npmrc };
  const pnpm = (...args) =>
    runCommand(
      folder,
      "npm",
      ["exec", "--yes", `--package=${packageManager}`, "--", "pnpm", ...args],
      { env },
    );
  await pnpm("install", "--frozen-lockfile", "--prefer-offline");
  await pnpm("exec", "changeset", "version");
  commitAll(folder, "Release");
  await pnpm("exec", "turbo", "run", "build", "--filter=./packages/*", "--filter=./apps/*");
  return { folder, built: copyAddons(folder) };
}
