import { mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment } from "../toolchain.mjs";
import { runCommand } from "./run-command.mjs";

/** Moves the tarballs of platforms whose addon was not built to another folder. */
function setAside(from, to, built) {
  mkdirSync(to);
  for (const file of readdirSync(from)) {
    const [, tag] = /^ripvec-driver-cpu-(\w+-\w+(?:-musl)?)-\d/.exec(file) ?? [];
    if (tag && !built.includes(tag)) renameSync(join(from, file), join(to, file));
  }
}

/**
 * Packs every public package of a scratch release, verifies those that can be, and publishes all of them with the scripts of the
 * release. Resolves with the versions by name.
 */
export async function publishTo({ folder, built, registry, npmrc }) {
  const env = { ...cleanEnvironment(), npm_config_userconfig: npmrc };
  const script = (name, ...args) =>
    runCommand(folder, "node", [`scripts/release/${name}.mjs`, ...args], { env });
  const [complete, placeholders] = ["tarballs", "placeholders"].map((name) =>
    join(folder, "..", name),
  );
  await script("pack", complete);
  setAside(complete, placeholders, built);
  await script("verify", complete, "--platforms", built.join());
  const printed = [];
  for (const tarballs of [placeholders, complete]) {
    printed.push(await script("publish", tarballs, "--registry", registry));
  }
  const lines = printed.join("").trim().split("\n");
  return new Map(lines.map((line) => /^\w+: (.+)@(.+)$/.exec(line).slice(1)));
}
