import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { DriverUnavailableError } from "@ripvec/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { bundle } from "../scripts/bundle.mjs";
import type { AddonSource } from "../src/addon-source.js";
import { loadAddon } from "../src/load-addon.js";

const platform = vi.hoisted(() => ({ tag: "linux-x64" }));
vi.mock("../scripts/platform-tag.mjs", () => ({ platformTag: () => platform.tag }));

const driver = "ripvec-driver-toy";
const script = process.argv[1];
let folder: string;
let source: AddonSource;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "ripvec-missing-addon-")));
  process.argv[1] = join(folder, "no-script.js");
  platform.tag = "linux-x64";
  source = {
    driver: "toy",
    packageName: driver,
    codeFiles: [pathToFileURL(join(folder, "node_modules", driver, "dist/index.js")).href],
    fileStem: "driver_toy",
    environmentVariable: "RIPVEC_TOY_BINARY",
    help: "https://example.com/toy",
    kernels: [],
    version: "1.2.3",
    platforms: ["linux-x64", "darwin-arm64"],
  };
});
afterEach(() => {
  process.argv[1] = script ?? "";
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function install(name: string, version: string): void {
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, version, main: "main.js" }));
  write(`node_modules/${name}/main.js`, "exports.ops = () => [];");
}

/** What the bundle `app/bundle.js` of an app says about where the driver's code is. */
function bundled(): void {
  source = { ...source, codeFiles: [undefined, write("app/bundle.js", "")] };
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

/** The fakes have no ops, so the error of a file that was loaded is that it lacks `fill`. */
const loadedFile = (): string => failure().tried[0]?.replace(/ \(.*no kernel for fill.*/, "") ?? "";

describe("the remedy of a missing addon", () => {
  test("names the package if optional dependencies were left out", () => {
    install(driver, "1.2.3");
    const { message, remedy } = failure();
    expect(message).toContain(`linux-x64, Node ${process.versions.node}`);
    expect(remedy).toContain("published for linux-x64, darwin-arm64");
    expect(remedy).toContain("--omit=optional");
    expect(remedy).toContain(`\`npm install ${driver}-linux-x64@1.2.3\``);
  });

  test("says so if the packages were installed for another platform", () => {
    install(driver, "1.2.3");
    install(`${driver}-darwin-arm64`, "1.2.3");
    expect(failure().remedy).toContain("were installed on or for darwin-arm64");
    expect(failure().remedy).not.toContain("--omit=optional");
  });

  test("advises no installation if nothing is published for the platform", () => {
    install(driver, "1.2.3");
    platform.tag = "freebsd-x64";
    const { remedy } = failure();
    expect(remedy).toContain("None is published for freebsd-x64");
    expect(remedy).toContain("@ripvec/driver-webgpu");
    expect(remedy).toContain("https://example.com/toy");
    expect(remedy).not.toContain("npm install");
  });

  test("advises no installation of a package that may not exist", () => {
    install(driver, "1.2.3");
    const { platforms, ...others } = source;
    source = others;
    expect(failure().remedy).toMatch(/^If none is published for linux-x64, build/);
  });

  test.each([
    ["binaryPath", "none.node", ""],
    ["RIPVEC_TOY_BINARY", undefined, "none.node"],
  ])("names %s if that names no file", (name, option, variable) => {
    vi.stubEnv("RIPVEC_TOY_BINARY", variable);
    const { tried, remedy } = failure(option);
    expect(tried).toEqual([expect.stringMatching(/[\\/]none\.node \(not found\)$/)]);
    expect(remedy).toContain(`${name} names a file that does not exist`);
    expect(remedy).not.toContain("published");
  });
});

/** Node 20 has the option under another name. */
const permission = process.allowedNodeEnvironmentFlags.has("--permission")
  ? "--permission"
  : "--experimental-permission";

test("an addon that Node may not look at is no missing file", async () => {
  const entry = write(
    "entry.ts",
    `import { loadAddon } from ${JSON.stringify(join(import.meta.dirname, "../src/load-addon.ts"))};
     try { loadAddon(${JSON.stringify(source)}, process.argv[2]); } catch (error) { console.log(error.message); }`,
  );
  const program = await bundle(join(import.meta.dirname, ".."), entry, join(folder, "allowed"));
  const addon = write("elsewhere/driver_toy.node", "");
  const args = [permission, `--allow-fs-read=${join(folder, "allowed")}/*`, program, addon];
  const message = execFileSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 });
  expect(message).toContain("Node does not allow it");
  expect(message).toContain("--allow-fs-read");
  expect(message).not.toContain("does not exist");
});

describe("a driver whose code was bundled", () => {
  beforeEach(bundled);

  test("finds the addon beside the bundle", () => {
    const file = write("app/driver_toy.node", "");
    expect(failure().tried[0]).toContain(file);
  });

  test("finds the addon of the driver that is installed where the bundle is", () => {
    install(driver, "1.2.3");
    install(`${driver}-linux-x64`, "1.2.3");
    expect(loadedFile()).toBe(join(folder, `node_modules/${driver}-linux-x64/main.js`));
  });

  test("finds it from the script if the code names a file that is elsewhere or no file", () => {
    install(driver, "1.2.3");
    install(`${driver}-linux-x64`, "1.2.3");
    process.argv[1] = join(folder, "app/bundle.js");
    for (const file of ["file:///elsewhere/index.js", "http://localhost/a.js", "index.js"]) {
      source = { ...source, codeFiles: [file] };
      expect(loadedFile()).toContain(`${driver}-linux-x64`);
    }
  });

  test("takes no addon of another version, and says which it found", () => {
    install(driver, "1.3.0");
    install(`${driver}-linux-x64`, "1.3.0");
    const { tried, remedy } = failure();
    const found = join(folder, "node_modules", driver);
    expect(tried).toContain(`${found} (version 1.3.0, but version 1.2.3 was bundled)`);
    expect(remedy).toContain("was bundled");
  });

  test("takes no addon from the working directory", () => {
    install(driver, "1.2.3");
    install(`${driver}-linux-x64`, "1.2.3");
    source = { ...source, codeFiles: ["/elsewhere/bundle.js"] };
    process.argv[1] = "/elsewhere/bundle.js";
    const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
    expect(failure().remedy).toContain("was bundled");
    cwd.mockRestore();
  });

  test("says what to write if there is none", () => {
    const { tried, remedy } = failure();
    expect(tried).toContain(`${join(folder, "app/driver_toy.node")} (not found)`);
    expect(remedy).toContain(`not installed where ${join(folder, "app/bundle.js")} is`);
    expect(remedy).toContain(`Mark ${driver} as external`);
    expect(remedy).toContain(`copy driver_toy.node from the package ${driver}-linux-x64`);
    expect(remedy).toMatch(/binaryPath or RIPVEC_TOY_BINARY: https:\/\/example\.com\/toy$/);
  });
});
