import { join } from "node:path";
import { binary, checkMoved, expectSame, makeApp } from "../bundled.mjs";

export const name = "esbuild: CommonJS, ES modules, and with external packages";
export const quick = true;

export async function run({ app, sh }) {
  const made = await makeApp({ app, sh }, { install: ["esbuild@0.27.7"] });
  const build = (...flags) =>
    sh(made.folder, binary(made.folder, "esbuild"), [
      ...["app.mjs", "--bundle", "--platform=node", "--log-level=warning"],
      ...flags,
    ]);
  await build("--outfile=cjs/app.cjs");
  await checkMoved({ app, sh }, made, "cjs", (out) => ["node", join(out, "app.cjs")]);
  await build("--format=esm", "--outfile=esm/app.mjs");
  await checkMoved({ app, sh }, made, "esm", (out) => ["node", join(out, "app.mjs")]);
  for (const format of ["cjs", "esm"]) {
    const file = `external/app.${format === "cjs" ? "cjs" : "mjs"}`;
    await build(`--format=${format}`, "--external:@ripvec/*", `--outfile=${file}`);
    expectSame(await sh(made.folder, "node", [file]), made.printed, file);
  }
}
