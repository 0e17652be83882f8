/** One op = one stem, and a room for it in every place that must have one. No op lacks a room, no room an op. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { root } from "./toolchain.mjs";

const stemsIn = (folder) =>
  existsSync(join(root, folder))
    ? new Set(
        readdirSync(join(root, folder))
          .map((file) => parse(file).name)
          .filter((name) => /^[a-z][a-z0-9_]*$/.test(name)),
      )
    : undefined;

const ops = stemsIn("packages/core/src/ops");
const required = new Set(
  [...ops].filter((op) => {
    const spec = readFileSync(join(root, `packages/core/src/ops/${op}.ts`), "utf8");
    return !/^ {2}(compose\(|isOptional: true)/m.test(spec);
  }),
);

/** Folders with the ops that must have a file there, and the other files that may stand beside them. */
const rooms = [
  {
    folder: "packages/driver-testkit/src/reference",
    wanted: ops,
    beside: ["dot", "softmax"],
  },
  {
    folder: "packages/driver-testkit/src/cases",
    wanted: ops,
    beside: ["case", "draw", "pooling", "shapes", "tolerances"],
  },
  { folder: "packages/driver-testkit/src/template/ops", wanted: required, beside: [] },
  { folder: "packages/driver-cpu/ops", wanted: required, beside: ["kernels", "table"] },
  { folder: "packages/driver-webgpu/ops", wanted: ops, beside: [] },
  { folder: "packages/driver-webgpu/src/ops", wanted: ops, beside: [] },
];

const problems = [];
for (const { folder, wanted, beside } of rooms) {
  const found = stemsIn(folder);
  if (!found) {
    problems.push(`${folder} is missing`);
    continue;
  }
  for (const op of wanted) if (!found.has(op)) problems.push(`${folder} has no room for ${op}`);
  for (const stem of found) {
    if (!ops.has(stem) && !beside.includes(stem))
      problems.push(`${folder}/${stem} is no op of the contract`);
  }
}
for (const problem of problems) console.error(problem);
console.log(`rooms: ${ops.size} ops, ${required.size} required, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
