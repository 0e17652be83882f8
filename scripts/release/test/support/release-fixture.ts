import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const text = (name: string): string => readFileSync(join(repository, name), "utf8");

/** The files of one package, by their paths in it. `package.json` is an object. */
export interface PackageFiles {
  "package.json": Record<string, unknown>;
  [path: string]: string | Buffer | Record<string, unknown>;
}

/** A small repository: packages by their folders. */
export type Packages = Record<string, PackageFiles>;

/** The files of the package in a folder. */
export function filesOf(packages: Packages, folder: string): PackageFiles {
  const files = packages[folder];
  if (!files) throw new Error(`no package in ${folder}`);
  return files;
}

/** An ELF file for 64 bits that is all header. `e_machine` 0x3e is x64 and 0xb7 is arm64. */
export function elf(machine: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes.writeUInt8(2, 4);
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

/** What the checks look for in an addon besides its header. */
const addonTexts = Buffer.from("napi_register_module_v1\0ripvec instruction sets: portable\0");

/** A Mach-O file for 64 bits with one empty segment. */
export function machO(cpuType: number): Buffer {
  const bytes = Buffer.alloc(104);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(cpuType, 4);
  bytes.writeUInt32LE(1, 16);
  bytes.writeUInt32LE(0x19, 32);
  bytes.writeUInt32LE(72, 36);
  return Buffer.concat([bytes, addonTexts]);
}

/** A PE file that is all header. */
export function pe(machine: number): Buffer {
  const bytes = Buffer.alloc(256);
  bytes.write("MZ", 0, "latin1");
  bytes.writeUInt32LE(128, 60);
  bytes.write("PE\0\0", 128, "latin1");
  bytes.writeUInt16LE(machine, 132);
  return Buffer.concat([bytes, addonTexts]);
}

function packageFiles(folder: string, fields: Record<string, unknown>): PackageFiles {
  return {
    "package.json": {
      version: "1.0.0",
      description: "A package of a test",
      keywords: ["test"],
      license: "MIT OR Apache-2.0",
      homepage: "https://example.org",
      bugs: { url: "https://example.org" },
      repository: { type: "git", url: "git+https://example.org/x.git", directory: folder },
      engines: { node: ">=20.19" },
      publishConfig: { access: "public" },
      ...fields,
    },
    "README.md":
      "# A package\n\n[Licence](LICENSE.MIT), [home](https://example.org), [below](#below)\n",
    "LICENSE.MIT": text("LICENSE.MIT"),
    "LICENSE.APACHE": text("LICENSE.APACHE"),
  };
}

/** A core, and a driver with addons for macOS on arm64 and for Windows. Every check accepts them. */
export function goodPackages(): Packages {
  const addon = (tag: string, bytes: Buffer) => {
    const folder = `packages/driver/platforms/${tag}`;
    const fields = { name: `@test/driver-${tag}`, main: "driver.node" };
    return { [folder]: { ...packageFiles(folder, fields), "driver.node": bytes } };
  };
  const core = packageFiles("packages/core", {
    name: "@test/core",
    type: "module",
    exports: { ".": "./dist/index.js" },
  });
  const driver = packageFiles("packages/driver", {
    name: "@test/driver",
    type: "module",
    exports: { ".": "./dist/index.js" },
    ripvec: { addon: "driver", sources: ["ops"] },
    peerDependencies: { "@test/core": "^1.0.0" },
    dependencies: {},
    optionalDependencies: {
      "@test/driver-darwin-arm64": "1.0.0",
      "@test/driver-win32-x64": "1.0.0",
    },
  });
  return {
    "packages/core": { ...core, "dist/index.js": "export const one = 1;\n" },
    "packages/driver": { ...driver, "dist/index.js": "export const two = 2;\n" },
    ...addon("darwin-arm64", machO(0x0100000c)),
    ...addon("win32-x64", pe(0x8664)),
  };
}

export const goodBudgets = {
  packages: { "@test/core": { installed: 20 }, "@test/driver": { installed: 20 } },
  platform: { installed: 20 },
  setUps: { all: { packages: ["@test/core", "@test/driver"], installed: 60 } },
};

function writeFiles(folder: string, files: PackageFiles): void {
  for (const [path, content] of Object.entries(files)) {
    const isData = typeof content === "string" || Buffer.isBuffer(content);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), isData ? content : JSON.stringify(content));
  }
}

/** A repository and its tarballs in a temporary folder. */
export class ReleaseFixture implements Disposable {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "ripvec-release-"));
  readonly root: string = join(this.#folder, "repository");
  readonly tarballs: string = join(this.#folder, "tarballs");

  /** Writes the repository, and packs what `packed` says. Both have the same packages by default. */
  constructor(packages: Packages, packed: Packages = packages) {
    mkdirSync(this.tarballs);
    mkdirSync(this.root);
    for (const [folder, files] of Object.entries(packages))
      writeFiles(join(this.root, folder), files);
    for (const [i, files] of Object.values(packed).entries()) this.#pack(`${i}.tgz`, files);
  }

  #pack(name: string, files: PackageFiles): void {
    const staging = mkdtempSync(join(this.#folder, "staging-"));
    writeFiles(join(staging, "package"), files);
    const entries = Object.keys(files).map((path) => `package/${path}`);
    execFileSync("tar", ["-czf", join(this.tarballs, name), ...entries], { cwd: staging });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
