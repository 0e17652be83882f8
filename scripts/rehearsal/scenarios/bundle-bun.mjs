import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { checkMoved, makeApp, runtimes } from "../bundled.mjs";
import { skip } from "../skip.mjs";

export const name = "bun build: a bundle for Node, and one file with Bun in it";
export const quick = false;

export async function run({ app, sh }) {
  if (!runtimes) skip("it uses the program of Bun for Linux on x64");
  const made = await makeApp({ app, sh }, { install: [runtimes.bun.install] });
  const bun = (...args) => sh(made.folder, join(made.folder, runtimes.bun.path), args);
  await bun("build", "app.mjs", "--target=node", "--outfile=out/app.mjs");
  await checkMoved({ app, sh }, made, "out", (out) => ["node", join(out, "app.mjs")]);
  mkdirSync(join(made.folder, "single"));
  await bun("build", "app.mjs", "--compile", "--outfile=single/app");
  await checkMoved({ app, sh }, made, "single", (out) => [join(out, "app")]);
}
