import { composed, expectVectors, packagesOfCpu } from "../programs.mjs";

export const name = "pnpm, and Yarn with Plug'n'Play";
export const quick = true;

export async function run({ app, sh, yarn }) {
  const files = { "embed.mjs": composed("import"), "embed.cjs": composed("require") };
  for (const manager of ["pnpm", "yarn"]) {
    const folder = await app({ files, install: packagesOfCpu, manager });
    for (const file of Object.keys(files)) {
      const [command, ...args] = manager === "yarn" ? yarn("node", file) : ["node", file];
      expectVectors(await sh(folder, command, args));
    }
  }
}
