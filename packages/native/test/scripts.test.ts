import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

interface Job {
  readonly name: string;
  readonly path: string;
  readonly flags: readonly string[];
}

type Compile = (driver: object, target: object, jobs: readonly Job[]) => Promise<string[]>;
type JobsOf = (driver: object, target: object, sources: readonly object[]) => Job[];

const script = (name: string): URL => new URL(`../scripts/${name}.mjs`, import.meta.url);
const { compile } = (await import(script("compile").href)) as { compile: Compile };
const { jobsOf } = (await import(script("sources").href)) as { jobsOf: JobsOf };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ripvec native "));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(file: string, text: string): string {
  const path = join(root, file);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const source = (path: string) => ({ name: "ops/gelu.cc", path, usesNode: false });
const target = (arch: string) => ({ tag: `linux-${arch}`, platform: "linux", arch, flags: [] });

test.each([
  ["riscv64", ["portable"]],
  ["arm64", ["portable", "neon"]],
  ["x64", ["portable", "avx2"]],
])("kernels for %s are compiled for the sets %j", (arch, expected) => {
  const variants = [{ sources: ["ops"], sets: ["portable", "avx2", "neon"] }];
  const jobs = jobsOf({ root, variants }, target(arch), [source("gelu.cc")]);
  expect(jobs.map(({ name }) => name)).toEqual(expected.map((set) => `ops_gelu.${set}`));
});

test("a build for some sets compiles those, and tells the table of kernels which", () => {
  const variants = [{ sources: ["ops"], sets: ["portable", "avx2", "avx512"] }];
  const driver = { root, variants, kernelTable: "runtime/table.cc" };
  const table = { name: "runtime/table.cc", path: "table.cc", usesNode: false };
  const some = { ...target("x64"), sets: ["avx512", "avx512_vnni"] };
  const [kernels, ...others] = jobsOf(driver, some, [source("gelu.cc"), table]);
  expect(kernels?.name).toBe("ops_gelu.avx512");
  expect(others.map(({ name }) => name)).toEqual(["runtime_table"]);
  const macros = others[0]?.flags.filter((flag) => flag.startsWith("-DRIPVEC_HAS_"));
  expect(macros).toEqual(["-DRIPVEC_HAS_AVX512"]);
});

const cxx = process.env.CXX || "c++";
const hasCompiler = spawnSync(cxx, ["--version"]).status === 0;

describe.skipIf(!hasCompiler)(`compiling with ${cxx}`, () => {
  const build = async (path: string): Promise<string> => {
    const driver = { root, variants: [] };
    const machine = { ...target("x64"), cxx };
    const [object] = await compile(driver, machine, jobsOf(driver, machine, [source(path)]));
    if (object === undefined) throw new Error("nothing was compiled");
    return object;
  };

  test("in a path with spaces, an object is compiled again only after a change", async () => {
    const header = write("runtime/two words.h", "constexpr int kValue = 1;\n");
    const path = write("ops/gelu.cc", '#include "runtime/two words.h"\nint value = kValue;\n');
    const past = new Date(Date.now() - 60_000);
    for (const file of [path, header]) utimesSync(file, past, past);
    const object = await build(path);
    const built = statSync(object).mtimeMs;
    expect(await build(path)).toBe(object);
    expect(statSync(object).mtimeMs).toBe(built);
    const later = new Date(built + 60_000);
    utimesSync(header, later, later);
    await build(path);
    expect(statSync(object).mtimeMs).toBeGreaterThan(built);
  }, 120_000);

  test("a driver's header does not take the place of a shared one", async () => {
    write("generated/op_enums.h", "#error the driver's header was included\n");
    const path = write("ops/gelu.cc", '#include "generated/op_enums.h"\nripvec::DType dtype;\n');
    await expect(build(path)).resolves.toMatch(/ops_gelu\.\w+\.o$/);
  }, 120_000);
});

test("a package with another integrity than the pinned one is refused", async () => {
  write("other/package.json", JSON.stringify({ name: "other", version: "1.0.0" }));
  const { fetchPackage } = (await import(script("fetch-package").href)) as {
    fetchPackage: (path: string, spec: string, integrity: string) => string;
  };
  const path = join(root, "fetched");
  expect(() => fetchPackage(path, join(root, "other"), "sha512-AAAA")).toThrow("integrity");
  expect(readdirSync(root)).toEqual(["other"]);
}, 60_000);

test.each([
  ["check-prebuilds", "platforms"],
  ["sanitize", "tests or ripvec.suites"],
  ["emulate", "tests or ripvec.suites"],
  ["fail-allocations", "shortLife"],
  ["bench", "benches"],
])("%s fails where package.json lacks the field %s", (command, field) => {
  write("package.json", JSON.stringify({ ripvec: { addon: "driver_toy", sources: [] } }));
  const args = [fileURLToPath(script("ripvec-native")), command];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect(stderr).toBe(`ripvec-native ${command}: package.json needs ripvec.${field}\n`);
  expect(status).toBe(1);
});
