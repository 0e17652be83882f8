import { join } from "node:path";
import { binary, checkMoved, makeApp } from "../bundled.mjs";

export const name = "Rollup: ES modules and CommonJS";
export const quick = false;

const config = `import commonjs from "@rollup/plugin-commonjs";
import { nodeResolve } from "@rollup/plugin-node-resolve";
export default {
  input: "app.mjs",
  plugins: [nodeResolve(), commonjs()],
  output: [
    { dir: "esm", format: "esm", entryFileNames: "app.mjs" },
    { dir: "cjs", format: "cjs", entryFileNames: "app.cjs", chunkFileNames: "[name].cjs" },
  ],
};
`;
const install = [
  "rollup@4.68.8",
  "@rollup/plugin-node-resolve@16.0.3",
  "@rollup/plugin-commonjs@29.0.3",
];

export async function run({ app, sh }) {
  const made = await makeApp({ app, sh }, { install, files: { "rollup.config.mjs": config } });
  await sh(made.folder, binary(made.folder, "rollup"), ["-c"]);
  for (const [out, file] of [
    ["esm", "app.mjs"],
    ["cjs", "app.cjs"],
  ]) {
    await checkMoved({ app, sh }, made, out, (path) => ["node", join(path, file)]);
  }
}
