import { composed, expectVectors, packagesOfCpu } from "../programs.mjs";

export const name = "npm: ES modules, CommonJS and a worker";
export const quick = true;

const worker = `
import { Worker } from "node:worker_threads";
const worker = new Worker(new URL("./embed.mjs", import.meta.url));
worker.on("exit", (code) => process.exit(code));
`;

export async function run({ app, sh }) {
  const files = {
    "embed.mjs": composed("import"),
    "embed.cjs": composed("require"),
    "worker.mjs": worker,
  };
  const folder = await app({ files, install: packagesOfCpu });
  for (const file of ["embed.mjs", "embed.cjs", "worker.mjs"]) {
    expectVectors(await sh(folder, "node", [file]));
  }
}
