import { spawnSync } from "node:child_process";
import { required } from "./driver-package.mjs";
import { linkProgram } from "./link.mjs";
import { targetOf } from "./target.mjs";

/** Builds and runs a benchmark of the driver. Its source says what it takes and prints. Run it on an idle machine. */
export async function bench(driver, [name, ...args]) {
  const { folder, programs } = required(driver, "benches");
  if (!programs.includes(name))
    throw new Error(`no benchmark ${name}; there are: ${programs.join(", ")}`);
  const others = programs.filter((each) => each !== name).map((each) => `${folder}/${each}.cc`);
  const isOwn = (source) => !others.includes(source);
  const program = await linkProgram(driver, targetOf(), `bench-${name}`, folder, isOwn);
  return spawnSync(program, args, { stdio: "inherit" }).status === 0;
}
