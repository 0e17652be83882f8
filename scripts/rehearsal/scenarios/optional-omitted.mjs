import { composed, packagesOfCpu } from "../programs.mjs";

export const name = "npm --omit=optional: the error names the package that is missing";
export const quick = true;

export async function run({ app, sh, packages }) {
  const folder = await app({ files: { "embed.mjs": composed("import") } });
  const flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  await sh(folder, "npm", ["install", ...flags, ...packagesOfCpu]);
  const failure = await sh(folder, "node", ["embed.mjs"]).then(
    () => "",
    (error) => error.message,
  );
  const tag = `${process.platform}-${process.arch}`;
  for (const part of [`@ripvec/driver-cpu-${tag}`, "optional", "DRIVER_UNAVAILABLE"]) {
    if (!failure.includes(part)) throw new Error(`the message lacks "${part}":\n${failure}`);
  }
  const version = packages.get("@ripvec/driver-cpu");
  await sh(folder, "npm", ["install", ...flags.slice(1), `@ripvec/driver-cpu-${tag}@${version}`]);
  await sh(folder, "node", ["embed.mjs"]);
}
