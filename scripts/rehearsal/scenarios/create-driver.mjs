import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packagesOfCpu } from "../programs.mjs";

export const name =
  "npx create-ripvec-driver: the driver passes its test and agrees with driver-cpu";
export const quick = true;

/** Prints the largest difference between the vectors of two drivers, over all elements of vectors of length 1. */
const compare = `
import { embedTexts, GenericBackend } from "@ripvec/core";
import { classicBert } from "@ripvec/arch-classic-bert";
import { cpu } from "@ripvec/driver-cpu";
import { openModel } from "@ripvec/hub";
import { directory } from "@ripvec/model-all-minilm-l6-v2";
import { driver, myDriver } from "ripvec-driver-my-driver";

if (driver !== myDriver) throw new Error("the two exports differ");
async function vectors(driver) {
  const model = await openModel(directory, { arch: classicBert });
  const backend = await GenericBackend.create({ driver, arch: classicBert, model, dtype: "f32" });
  const found = [];
  for await (const { embedding } of embedTexts(backend, model.tokenizer, ["A cat sleeps.", "Rates rose."]))
    found.push(...embedding);
  await backend.close();
  return found;
}
const ours = await vectors(await cpu());
const created = await vectors(await driver());
if (ours.length !== 768 || created.length !== 768) throw new Error("vectors have another length");
console.log(Math.max(...ours.map((value, i) => Math.abs(value - created[i]))));
`;

/** Both compute in f32 with other orders of summation. */
const tolerance = 1e-5;

export async function run({ app, sh, packages }) {
  const parent = await app();
  await sh(parent, "npx", ["--yes", "create-ripvec-driver", "my-driver"]);
  const created = join(parent, "my-driver");
  await sh(created, "npm", ["install", "--no-audit", "--no-fund"]);
  const printed = await sh(created, "npm", ["test"]);
  const passed = Number(/^\S+ pass (\d+)$/m.exec(printed)?.[1]);
  if (!(passed > 100)) throw new Error(`the test passed ${passed} cases:\n${printed}`);
  expectPeer(created, packages.get("@ripvec/core"));
  await expectSameVectors({ app, sh }, created);
}

function expectPeer(created, core) {
  const manifest = JSON.parse(readFileSync(join(created, "package.json"), "utf8"));
  const range = manifest.peerDependencies["@ripvec/core"];
  if (range !== `^${core}`) throw new Error(`the range of core is ${range}, core is ${core}`);
}

/** Packs the driver and installs it into an app, as its users do. */
async function expectSameVectors({ app, sh }, created) {
  await sh(created, "npm", ["pack", "--pack-destination", ".."]);
  const tarball = join(created, "..", "ripvec-driver-my-driver-0.1.0.tgz");
  const folder = await app({
    files: { "compare.mjs": compare },
    install: [tarball, ...packagesOfCpu],
  });
  const difference = Number(await sh(folder, "node", ["compare.mjs"]));
  if (!(difference < tolerance)) throw new Error(`the vectors differ by ${difference}`);
}
