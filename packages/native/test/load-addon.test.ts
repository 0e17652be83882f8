import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DriverUnavailableError } from "@ripvec/core";
import { type OpName, type OpSpec, opNames, opSpecs, takesLayout } from "@ripvec/core/driver";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { platformTag } from "../scripts/platform-tag.mjs";
import type { NativeOp } from "../src/addon.js";
import type { AddonSource } from "../src/addon-source.js";
import { differenceOfSpecs } from "../src/check-ops.js";
import { loadAddon } from "../src/load-addon.js";
import { opSignature } from "../src/op-signature.js";

let folder: string;
let source: AddonSource;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ripvec-load-addon-"));
  writeFileSync(join(folder, "package.json"), '{ "name": "ripvec-driver-toy" }');
  source = {
    driver: "toy",
    packageName: "ripvec-driver-toy",
    codeFiles: [pathToFileURL(join(folder, "dist/index.js")).href],
    fileStem: "driver_toy",
    environmentVariable: "RIPVEC_TOY_BINARY",
    help: "https://example.com/toy",
    kernels: ["attention", "gelu", "linear"],
  };
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * The entry of an op in an addon that was built for core's specs. An op with a layout has one more
 * tensor and two more numbers.
 */
function entryOf(name: OpName): NativeOp {
  const spec: OpSpec<never> = opSpecs[name];
  const layout = takesLayout(spec) ? 1 : 0;
  return {
    name,
    code: 1 + opNames.indexOf(name),
    tensors: layout + Object.keys(spec.tensors).length,
    numbers: 2 * layout + spec.scalars.length,
    signature: opSignature(spec, takesLayout(spec)),
  };
}

const fill: NativeOp = {
  name: "fill",
  code: 0,
  tensors: 1,
  numbers: 2,
  signature: "out: anyOutput[...]; bytes, value",
};
const rightOps = (): NativeOp[] => [fill, ...source.kernels.map(entryOf)];

/** Writes a fake addon to a new file. Returns its path. */
function addonFile(name: string, ops: readonly NativeOp[]): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `exports.ops = () => (${JSON.stringify(ops)});`);
  return path;
}

function failure(binaryPath?: string): DriverUnavailableError {
  try {
    loadAddon(source, binaryPath);
  } catch (error) {
    expect(error).toBeInstanceOf(DriverUnavailableError);
    return error as DriverUnavailableError;
  }
  throw new Error("the addon was loaded");
}

describe("where the addon comes from", () => {
  test("binaryPath takes precedence over the environment variable, which takes precedence over the packages", () => {
    const [first, second] = ["first.cjs", "second.cjs"].map((name) => addonFile(name, rightOps()));
    vi.stubEnv("RIPVEC_TOY_BINARY", second);
    expect(loadAddon(source, first).path).toBe(first);
    expect(loadAddon(source).path).toBe(second);
    vi.stubEnv("RIPVEC_TOY_BINARY", "");
    expect(failure().tried).toHaveLength(2);
  });

  test("the package for the platform is found from the driver's folder", () => {
    const name = `ripvec-driver-toy-${platformTag()}`;
    const file = addonFile(join("node_modules", name, "index.js"), rightOps());
    expect(loadAddon(source).path).toBe(realpathSync(file));
  });

  test("a package for the platform of another version is refused, even with the same ops", () => {
    const name = `ripvec-driver-toy-${platformTag()}`;
    const file = addonFile(join("node_modules", name, "index.js"), rightOps());
    const manifest = (version: string) =>
      writeFileSync(join(file, "..", "package.json"), JSON.stringify({ name, version }));
    source = { ...source, version: "1.1.0" };
    manifest("1.0.0");
    expect(failure().message).toContain(
      "it is of version 1.0.0, and ripvec-driver-toy of version 1.1.0",
    );
    expect(failure().remedy).toContain(`the version of ${name}`);
    manifest("1.1.0");
    expect(loadAddon(source).path).toBe(realpathSync(file));
  });

  test("without an addon the error names the platform, each attempt and the remedy", () => {
    const error = failure();
    expect(error.message).toContain(`toy for ${platformTag()}`);
    expect(error.tried[0]).toContain(join("prebuilds", platformTag(), "driver_toy.node"));
    expect(error.tried[1]).toContain(`ripvec-driver-toy-${platformTag()}`);
    for (const part of [platformTag(), "https://example.com/toy", "RIPVEC_TOY_BINARY"]) {
      expect(error.remedy).toContain(part);
    }
  });
});

describe("ops of the addon", () => {
  test("those of core's specs are accepted, for every op", () => {
    source = { ...source, kernels: opNames };
    expect(loadAddon(source, addonFile("all.cjs", rightOps())).addon.ops()).toHaveLength(
      1 + opNames.length,
    );
  });

  const changed = (change: Partial<NativeOp>) =>
    rightOps().map((op) => (op.name === "linear" ? { ...op, ...change } : op));
  const differences: [string, () => NativeOp[], RegExp][] = [
    [
      "an op that core does not know",
      () => [...rightOps(), { ...entryOf("layer_norm"), name: "rms_norm", code: 90 }],
      /kernel for rms_norm, which this version does not know/,
    ],
    ["another code", () => changed({ code: 77 }), /linear has code 77 in the addon, expected \d+/],
    [
      "another number of tensors",
      () => changed({ tensors: 5 }),
      /linear takes 5 tensors in the addon, expected 4/,
    ],
    [
      "another number of numbers",
      () => changed({ numbers: 3 }),
      /linear takes 3 numbers in the addon, expected 4/,
    ],
    [
      "the same counts in another order",
      () =>
        changed({
          signature: entryOf("linear").signature.replace("rows, inputs,", "inputs, rows,"),
        }),
      /linear takes \(x: .*; inputs, rows, outputs, .*\) in the addon, expected \(x: .*; rows, inputs, outputs, /,
    ],
    [
      "no kernel for an op that the driver lists",
      () => rightOps().filter(({ name }) => name !== "attention"),
      /no kernel for attention/,
    ],
    [
      "a kernel for an op that the driver does not list",
      () => [...rightOps(), entryOf("swiglu")],
      /kernel for swiglu, which is not in the driver's list/,
    ],
    ["no command fill", () => rightOps().slice(1), /no kernel for fill/],
  ];

  test.each(differences)("%s is refused by name", (_, ops, message) => {
    const path = addonFile("other.cjs", ops());
    const error = failure(path);
    expect(error.message).toMatch(message);
    expect(error.tried[0]).toContain(path);
    expect(error.remedy).toMatch(/another version.*that of ripvec-driver-toy: https:/);
  });

  test("the error names the environment variable if that chose the addon", () => {
    vi.stubEnv("RIPVEC_TOY_BINARY", addonFile("other.cjs", []));
    expect(failure().remedy).toMatch(/another version.*unset RIPVEC_TOY_BINARY: https:/);
  });

  test("an addon that cannot list its ops is refused too", () => {
    const path = join(folder, "none.cjs");
    for (const text of ["", "exports.ops = () => { throw new Error('out of memory'); };"]) {
      writeFileSync(path, text);
      const error = failure(path);
      expect(error.tried[0]).toContain(path);
      expect(error.remedy).toMatch(/another version/);
    }
  });
});

describe("specs of the installed core", () => {
  type Specs = Record<string, OpSpec<never>>;
  const { gelu, linear, ...others }: Specs = opSpecs;
  if (!gelu || !linear) throw new Error("core has neither gelu nor linear");
  const [first, second, ...rest] = linear.scalars;
  if (!first || !second) throw new Error("linear has less than two scalars");
  const forms = gelu.scalars.map((rule) =>
    typeof rule === "object" && rule.kind === "choice"
      ? { ...rule, values: [...rule.values, "sigmoid"] }
      : rule,
  );
  const withLinear = (change: object): Specs => ({ ...opSpecs, linear: { ...linear, ...change } });
  const withTensors = (tensors: object): Specs =>
    withLinear({ tensors: { ...linear.tensors, ...tensors } });

  const changed: [string, Specs, RegExp][] = [
    [
      "another tensor",
      withTensors({ residual: { kind: "activation", shape: ["rows"] } }),
      /^linear /,
    ],
    ["another kind", withTensors({ x: { kind: "f32", shape: ["rows", "inputs"] } }), /^linear /],
    [
      "another shape",
      withTensors({ x: { kind: "activation", shape: ["inputs", "rows"] } }),
      /^linear /,
    ],
    ["another scalar", withLinear({ scalars: [...linear.scalars, "groups"] }), /^linear .*groups/],
    ["another order", withLinear({ scalars: [second, first, ...rest] }), /^linear .*inputs, rows/],
    [
      "a new choice",
      { ...opSpecs, gelu: { ...gelu, scalars: forms } },
      /^gelu .*erf\|tanh\|sigmoid/,
    ],
    ["no such op", { ...others, linear }, /^it has no op gelu$/],
  ];
  test.each(changed)("%s is found", (_, specs, message) => {
    expect(differenceOfSpecs(specs, ["attention", "linear", "gelu"])).toMatch(message);
  });

  test("a change does not matter if the op has no kernel or its commands stay the same", () => {
    const specs = { ...withLinear({ summary: "another text" }), gelu: { ...gelu, scalars: forms } };
    expect(differenceOfSpecs(specs, ["attention", "linear"])).toBeUndefined();
  });

  test("an addon is not loaded for another core", () => {
    const path = join(folder, "loads.cjs");
    writeFileSync(path, "throw new Error('the addon was loaded');");
    const specs: Specs = opSpecs;
    specs.gelu = { ...gelu, scalars: forms };
    try {
      const error = failure(path);
      expect(error.tried).toEqual([expect.stringMatching(/^@ripvec\/core \(gelu takes \(x: /)]);
      expect(error.remedy).toContain("@ripvec/core and ripvec-driver-toy");
    } finally {
      specs.gelu = gelu;
    }
  });
});
