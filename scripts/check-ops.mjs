/**
 * Compares the files named after ops with the ops of the contract. An op has one stem; every folder below must
 * hold a file of that stem for each op it implements, and no file of another stem. The template of native drivers
 * must have a function for each required op.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { pascalCase } from "../packages/native/scripts/generate/names.mjs";
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

/** Each folder, the ops that must have a file in it, and the stems of its files that implement no op. */
const folders = [
  {
    folder: "packages/driver-testkit/src/reference",
    expected: ops,
    others: ["dot", "softmax"],
  },
  {
    folder: "packages/driver-testkit/src/cases",
    expected: ops,
    others: ["case", "draw", "pooling", "shapes", "tolerances"],
  },
  { folder: "packages/driver-testkit/src/template/ops", expected: required, others: [] },
  { folder: "packages/driver-cpu/ops", expected: required, others: ["generated"] },
  { folder: "packages/driver-webgpu/ops", expected: ops, others: [] },
  { folder: "packages/driver-webgpu/src/ops", expected: ops, others: [] },
];

const problems = [];
for (const { folder, expected, others } of folders) {
  const found = stemsIn(folder);
  if (!found) {
    problems.push(`${folder} is missing`);
    continue;
  }
  for (const op of expected)
    if (!found.has(op)) problems.push(`${folder} has no file for op ${op}`);
  for (const stem of found) {
    if (!ops.has(stem) && !others.includes(stem))
      problems.push(`${folder}/${stem}: ${stem} is not an op of the contract`);
  }
}

const template = "packages/native/cpp/template/required_kernels.h";
const kernels = readFileSync(join(root, template), "utf8");
for (const op of required) {
  const signature = `inline void kernel(const ${pascalCase(op)}& `;
  if (!kernels.includes(signature)) problems.push(`${template} has no function for op ${op}`);
}

for (const problem of problems) console.error(problem);
console.log(`ops: ${ops.size} in all, ${required.size} required, ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
