import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "../toolchain.mjs";

/** No types of other publishers are fetched, and the script of @ripvec/native is for ES modules only. */
const attwOptions = ["--no-definitely-typed", "--exclude-entrypoints", "./scripts/bundle.mjs"];

/** The program of a package among the devDependencies of the repository. */
function program(name, command) {
  const folder = join(root, "node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

/** Runs a program. Resolves with its output, without colours, if it fails, and with undefined otherwise. */
function failureOf(args) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 120_000 }, (error, stdout, stderr) =>
      resolve(
        error ? stripVTControlCharacters(stdout + stderr).trim() || error.message : undefined,
      ),
    );
  });
}

async function lint({ path, manifest }) {
  const publint = await failureOf([program("publint", "publint"), "run", path, "--strict"]);
  const attw = manifest.types
    ? [program("@arethetypeswrong/cli", "attw"), path, ...attwOptions]
    : undefined;
  const types = attw && (await failureOf(attw));
  return [publint && `publint: ${publint}`, types && `attw: ${types}`]
    .filter(Boolean)
    .map((problem) => `${manifest.name}: ${problem}`);
}

/** Runs publint on each tarball, and attw on each one with types. */
export async function lintAll(tarballs) {
  const problems = [];
  for (const tarball of tarballs) problems.push(...(await lint(tarball)));
  return problems;
}
