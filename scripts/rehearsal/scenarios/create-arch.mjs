import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failureOf } from "../run-command.mjs";

export const name =
  "npx create-ripvec-arch: the architecture passes its test, and a wrong forward pass fails";
export const quick = true;

/** A mistake in the created forward pass, and the test that must find it. */
const mistake = {
  of: "1 / Math.sqrt(headDim)",
  with: "1",
  caughtBy: "agrees with f64, f32 weights",
};

const use = `
import { embedTexts, GenericBackend } from "@ripvec/core";
import { cpu } from "@ripvec/driver-cpu";
import { arch, myArch } from "ripvec-arch-my-arch";
if (arch !== myArch) throw new Error("the two exports differ");
console.log(arch.name, typeof arch.load, typeof embedTexts, typeof cpu, typeof GenericBackend);
`;

export async function run({ app, sh, packages }) {
  const parent = await app();
  await sh(parent, "npx", ["--yes", "create-ripvec-arch", "my-arch"]);
  const created = join(parent, "my-arch");
  await sh(created, "npm", ["install", "--no-audit", "--no-fund"]);
  const printed = await sh(created, "npm", ["test"]);
  const passed = Number(/^\S+ pass (\d+)$/m.exec(printed)?.[1]);
  if (!(passed > 60)) throw new Error(`the test passed ${passed} cases:\n${printed}`);
  expectPeer(created, packages.get("@ripvec/core"));
  await expectUsable({ app, sh }, created);
  await expectFailure(sh, created);
}

function expectPeer(created, core) {
  const manifest = JSON.parse(readFileSync(join(created, "package.json"), "utf8"));
  const range = manifest.peerDependencies["@ripvec/core"];
  if (range !== `^${core}`) throw new Error(`the range of core is ${range}, core is ${core}`);
}

/** Packs the architecture and installs it into an app, as its users do. */
async function expectUsable({ app, sh }, created) {
  await sh(created, "npm", ["pack", "--pack-destination", ".."]);
  const tarball = join(created, "..", "ripvec-arch-my-arch-0.1.0.tgz");
  const install = [tarball, "@ripvec/core", "@ripvec/driver-cpu"];
  const folder = await app({ files: { "use.mjs": use }, install });
  const printed = await sh(folder, "node", ["use.mjs"]);
  if (!printed.startsWith("my-arch function")) throw new Error(`the package exports ${printed}`);
}

async function expectFailure(sh, created) {
  const file = join(created, "src", "forward.ts");
  const source = readFileSync(file, "utf8");
  if (!source.includes(mistake.of)) throw new Error(`src/forward.ts has no ${mistake.of}`);
  writeFileSync(file, source.replace(mistake.of, mistake.with));
  await failureOf(sh(created, "npm", ["test"]), [mistake.caughtBy]);
}
