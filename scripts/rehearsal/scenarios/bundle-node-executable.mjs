import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary, checkMoved, makeApp } from "../bundled.mjs";

export const name = "a single executable application of Node";
export const quick = false;

const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
const config = { main: "app.cjs", output: "app.blob", disableExperimentalSEAWarning: true };

export async function run({ app, sh }) {
  const install = ["esbuild@0.27.7", "postject@1.0.0-alpha.6"];
  const made = await makeApp({ app, sh }, { install });
  const { folder } = made;
  const program = (name, ...args) => sh(folder, binary(folder, name), args);
  await program("esbuild", "app.mjs", "--bundle", "--platform=node", "--outfile=app.cjs");
  writeFileSync(join(folder, "sea.json"), JSON.stringify(config));
  await sh(folder, "node", ["--experimental-sea-config", "sea.json"]);
  mkdirSync(join(folder, "single"));
  const executable = join(folder, "single", "app");
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  await program("postject", executable, "NODE_SEA_BLOB", "app.blob", "--sentinel-fuse", fuse);
  await checkMoved({ app, sh }, made, "single", (out) => [join(out, "app")]);
}
