import { join } from "node:path";
import { binary, checkMoved, makeApp } from "../bundled.mjs";

export const name = "@vercel/ncc";
export const quick = false;

export async function run({ app, sh }) {
  const made = await makeApp({ app, sh }, { install: ["@vercel/ncc@0.45.0"] });
  await sh(made.folder, binary(made.folder, "ncc"), ["build", "app.mjs", "-o", "out"]);
  await checkMoved({ app, sh }, made, "out", (out) => ["node", join(out, "index.mjs")]);
}
