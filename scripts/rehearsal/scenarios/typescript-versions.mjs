import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const name = "TypeScript 5.4 to 7: strict, declarations checked, with and without DOM";
export const quick = false;

const versions = ["5.4.5", "5.5.4", "5.9.3", "6.0.3", "7.0.2"];
const majorOf = (version) => Number(version.split(".")[0]);

const withoutOtherTypes = [
  "@ripvec/core",
  "@ripvec/core/driver",
  "@ripvec/core/arch",
  "@ripvec/arch-kit",
  "@ripvec/arch-classic-bert",
  "@ripvec/driver-cpu",
  "@ripvec/driver-webgpu",
  "@ripvec/native",
  "@ripvec/driver-testkit",
  "@ripvec/driver-testkit/node",
  "@ripvec/model-all-minilm-l6-v2",
  "@ripvec/model-all-minilm-l6-v2/files",
];

const exportsOf = (names) => names.map((from, i) => `export * as p${i} from "${from}";`).join("\n");

const driver = `
import { createDriver, type DriverImplementation, type DriverPass, type Kernels } from "@ripvec/core/driver";
import type { Driver, GeluForm, Tensor } from "@ripvec/core/driver";
import type { WeightView } from "@ripvec/core/arch";

const kernels: Kernels<Float32Array> = {
  add_bias({ x, bias, out }) {
    x.storage.forEach((value, i) => {
      out.storage[i] = value + (bias.storage[i % bias.size] ?? 0);
    });
  },
  mean_pool: ({ layout, out }) => out.storage.fill(layout.cuSeqlens.storage[0] ?? 0),
};
export const passOf = (pass: Omit<DriverPass<Float32Array>, "kernels">): DriverPass<Float32Array> => ({ ...pass, kernels });
export const made = (implementation: DriverImplementation<Float32Array>): Driver => createDriver(implementation);
export const biasOf = (of: Driver, view: WeightView): Tensor<"f32"> => of.createTensor(view, "vector");
export const form: GeluForm = "erf";
`;

const browser = `
import { classicBert } from "@ripvec/arch-classic-bert";
import { embedTexts, GenericBackend } from "@ripvec/core";
import { webgpu } from "@ripvec/driver-webgpu";
import { openModel } from "@ripvec/hub/browser";

export * as embedder from "ripvec/browser";

export async function embed(id: string, texts: readonly string[]): Promise<Float32Array[]> {
  const model = await openModel(id, { arch: classicBert });
  const backend = await GenericBackend.create({ driver: await webgpu(), arch: classicBert, model });
  const rows: Float32Array[] = [];
  const { signal } = new AbortController();
  for await (const row of embedTexts(backend, model.tokenizer, texts, { signal })) rows.push(row.embedding);
  await backend.close();
  return rows;
}
`;

const device = `
import { webgpu } from "@ripvec/driver-webgpu";
const { gpu } = navigator;
const adapter = await gpu.requestAdapter();
if (!adapter) throw new Error("no adapter");
const device = await adapter.requestDevice();
export const driver = await webgpu({ gpu, adapter, device });
`;

const files = {
  "alone.ts": exportsOf(withoutOtherTypes),
  "alone-cjs.cts": exportsOf(withoutOtherTypes),
  "driver.ts": driver,
  "browser.ts": browser,
  "device.ts": device,
  "node.ts": exportsOf([...withoutOtherTypes, "@ripvec/hub", "ripvec"]),
};

const nodeNext = { module: "NodeNext", moduleResolution: "NodeNext" };
const bundler = { module: "ESNext", moduleResolution: "Bundler" };
const node10 = { module: "CommonJS", moduleResolution: "Node10" };
const dom = ["ES2022", "DOM", "DOM.Iterable"];

/** Names of programs, with what they add to the options, and their files. */
function programsFor(version) {
  const hasGpu = majorOf(version) >= 6;
  const quiet = majorOf(version) === 6 ? { ignoreDeprecations: "6.0" } : {};
  return [
    ["NodeNext without other types", nodeNext, ["alone.ts", "alone-cjs.cts", "driver.ts"]],
    ["Bundler without other types", bundler, ["alone.ts", "driver.ts"]],
    ["NodeNext with DOM", { ...nodeNext, lib: dom }, ["alone.ts", "browser.ts"]],
    ["Bundler with DOM", { ...bundler, lib: dom }, ["alone.ts", "browser.ts"]],
    ["NodeNext with Node's types", { ...nodeNext, types: ["node"] }, ["node.ts"]],
    // Before version 6, the DOM types of TypeScript have no GPU; from version 6 on, @webgpu/types contradict them.
    hasGpu
      ? ["a device of DOM's types", { ...bundler, lib: dom }, ["device.ts"]]
      : [
          "a device of @webgpu/types",
          { ...bundler, lib: dom, types: ["@webgpu/types"] },
          ["device.ts"],
        ],
    // Version 7 has no such resolution.
    ...(majorOf(version) < 7
      ? [["CommonJS with Node10", { ...node10, ...quiet }, ["alone.ts", "driver.ts"]]]
      : []),
  ];
}

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
  target: "ES2022",
  lib: ["ES2022"],
  types: [],
};

async function compile(folder, sh, version) {
  const compiler = `node_modules/typescript-${version}/bin/tsc`;
  for (const [program, options, roots] of programsFor(version)) {
    const config = { compilerOptions: { ...strict, ...options }, files: roots };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    try {
      await sh(folder, "node", [compiler, "-p", "."]);
    } catch (cause) {
      throw new Error(`TypeScript ${version}, ${program}`, { cause });
    }
  }
}

export async function run({ app, sh }) {
  const names = withoutOtherTypes.filter((name) => name.split("/").length === 2);
  const compilers = versions.map((version) => `typescript-${version}@npm:typescript@${version}`);
  const types = ["@types/node@22.19.1", "@webgpu/types@0.1.74"];
  const install = [...names, "@ripvec/hub", "ripvec", ...types, ...compilers];
  const folder = await app({ files, install });
  for (const version of versions) await compile(folder, sh, version);
}
