import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const name = "a created driver passes its test with pnpm and with Yarn's Plug'n'Play";
export const quick = false;

export async function run({ app, sh, yarn }) {
  const withPnpm = await app();
  await sh(withPnpm, "pnpm", ["create", "ripvec-driver", "my-driver"]);
  await sh(join(withPnpm, "my-driver"), "pnpm", ["install"]);
  await sh(join(withPnpm, "my-driver"), "pnpm", ["test"]);

  const withYarn = await app();
  await sh(withYarn, "npx", ["--yes", "create-ripvec-driver", "my-driver"]);
  const created = join(withYarn, "my-driver");
  // An empty lockfile marks the folder as a project of its own.
  writeFileSync(join(created, "yarn.lock"), "");
  for (const command of ["install", "test"]) {
    const [program, ...args] = yarn(command);
    await sh(created, program, args);
  }
}
