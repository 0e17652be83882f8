import { join } from "node:path";
import { binary, checkMoved, expectSame, makeApp } from "../bundled.mjs";

export const name = "Vite for servers: packages external, which is its default, and bundled";
export const quick = false;

const config = `export default { ssr: { noExternal: true } };\n`;

export async function run({ app, sh }) {
  const made = await makeApp(
    { app, sh },
    { install: ["vite@8.4.0"], files: { "bundled.config.mjs": config } },
  );
  const vite = (...args) => sh(made.folder, binary(made.folder, "vite"), ["build", ...args]);
  await vite("--ssr", "app.mjs", "--outDir", "external");
  expectSame(await sh(made.folder, "node", ["external/app.js"]), made.printed, "Vite's default");
  await vite("--config", "bundled.config.mjs", "--ssr", "app.mjs", "--outDir", "out");
  // The package.json of the app, which says that `.js` files are ES modules, stays behind.
  const flags = ["--experimental-default-type=module"];
  await checkMoved({ app, sh }, made, "out", (out) => ["node", ...flags, join(out, "app.js")]);
}
