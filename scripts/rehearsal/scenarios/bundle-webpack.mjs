import { join } from "node:path";
import { binary, checkMoved, makeApp } from "../bundled.mjs";

export const name = "webpack";
export const quick = false;

const config = `export default {
  mode: "production",
  target: "node",
  entry: "./app.mjs",
  output: { path: import.meta.dirname + "/out", filename: "app.cjs" },
};
`;

export async function run({ app, sh }) {
  const made = await makeApp(
    { app, sh },
    { install: ["webpack@5.113.0", "webpack-cli@7.3.1"], files: { "webpack.config.mjs": config } },
  );
  const printed = await sh(made.folder, binary(made.folder, "webpack"));
  if (/warning/i.test(printed)) throw new Error(`webpack warned:\n${printed}`);
  await checkMoved({ app, sh }, made, "out", (out) => ["node", join(out, "app.cjs")]);
}
