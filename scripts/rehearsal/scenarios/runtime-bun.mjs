import { join } from "node:path";
import { expectSame, makeApp, runtimes } from "../bundled.mjs";
import { skip } from "../skip.mjs";

export const name = "Bun";
export const quick = false;

export async function run({ app, sh }) {
  if (!runtimes) skip("it uses the program of Bun for Linux on x64");
  const { folder, printed } = await makeApp({ app, sh }, { install: [runtimes.bun.install] });
  expectSame(await sh(folder, join(folder, runtimes.bun.path), ["app.mjs"]), printed, "Bun");
}
