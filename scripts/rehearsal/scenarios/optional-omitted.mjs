import { composed, packagesOfCpu } from "../programs.mjs";
import { failureOf } from "../run-command.mjs";

export const name = "npm --omit=optional: the error names the package that is missing";
export const quick = true;

export async function run({ app, sh, packages }) {
  const folder = await app({ files: { "embed.mjs": composed("import") } });
  const flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  await sh(folder, "npm", ["install", ...flags, ...packagesOfCpu]);
  const tag = `${process.platform}-${process.arch}`;
  const parts = [`@ripvec/driver-cpu-${tag}`, "optional", "DRIVER_UNAVAILABLE"];
  await failureOf(sh(folder, "node", ["embed.mjs"]), parts);
  const version = packages.get("@ripvec/driver-cpu");
  await sh(folder, "npm", ["install", ...flags.slice(1), `@ripvec/driver-cpu-${tag}@${version}`]);
  await sh(folder, "node", ["embed.mjs"]);
}
