import { existsSync } from "node:fs";
import { join } from "node:path";
import { skip } from "../skip.mjs";

export const name = "npx create-ripvec-driver --native: the addon is built and passes its test";
export const quick = false;

/** The path goes past the fakes of compilers: the author of a native driver does have one. */
const compiler = "/usr/bin/c++";

export async function run({ app, sh }) {
  if (!existsSync(compiler)) skip(`it needs ${compiler}`);
  const parent = await app();
  await sh(parent, "npx", ["--yes", "create-ripvec-driver", "my-driver", "--native"]);
  const created = join(parent, "my-driver");
  await sh(created, "npm", ["install", "--no-audit", "--no-fund"]);
  await sh(created, "npm", ["test"], { env: { CXX: compiler } });
}
