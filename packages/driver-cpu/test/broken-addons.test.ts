import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DriverUnavailableError } from "@ripvec/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cpuInfo } from "../src/index.js";

const machineOffset = 18;
const machines = { x64: 62, arm64: 183 };

/** The hash by which an ELF file refers to a version of a library (System V ABI). */
function elfHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = hash * 16 + byte;
    const high = Math.floor(hash / 2 ** 28) % 16;
    hash = ((hash ^ (high << 4)) >>> 0) & 0x0fffffff;
  }
  return hash;
}

function replaceAll(bytes: Buffer, from: Buffer, to: Buffer): void {
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) to.copy(bytes, at);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Copies of the real addon with one thing wrong each. */
describe.skipIf(process.platform !== "linux")("an addon that is", () => {
  let folder: string;
  let real: Buffer;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ripvec-broken-addons-"));
    real = readFileSync(cpuInfo().binaryPath);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function failure(bytes: Buffer): DriverUnavailableError {
    const binaryPath = join(folder, "driver_cpu.node");
    writeFileSync(binaryPath, bytes);
    try {
      cpuInfo({ binaryPath });
    } catch (error) {
      expect(error).toBeInstanceOf(DriverUnavailableError);
      return error as DriverUnavailableError;
    }
    throw new Error("the addon was loaded");
  }

  test("cut off is refused before the loader maps it", () => {
    for (const length of [0, 3, 30, 64, 5000, Math.floor(real.length / 2)]) {
      const error = failure(real.subarray(0, length));
      expect(error.tried[0]).toContain("damaged, or not an addon");
      expect(error.remedy).toContain("delete the folder");
    }
  });

  test("no shared library is refused", () => {
    expect(failure(Buffer.from("<html>404</html>".repeat(9))).tried[0]).toContain(
      "it is not a shared library",
    );
  });

  test("for another processor or system is refused by name", () => {
    const other = process.arch === "x64" ? "arm64" : "x64";
    const bytes = Buffer.from(real);
    bytes.writeUInt16LE(machines[other], machineOffset);
    const error = failure(bytes);
    expect(error.tried[0]).toContain(`an addon for ${other}`);
    expect(error.remedy).toContain("instead of copying node_modules");
    const mac = Buffer.alloc(100);
    mac.writeUInt32LE(0xfeedfacf, 0);
    expect(failure(mac).tried[0]).toContain("a file for macOS");
    expect(failure(Buffer.from(`MZ${" ".repeat(98)}`)).tried[0]).toContain("a file for Windows");
  });

  test("for a newer glibc is refused with that version", ({ skip }) => {
    const name = /GLIBC_2\.\d\d(?=\0)/.exec(real.toString("latin1"))?.[0];
    if (name === undefined) return skip("the addon was built for musl");
    const newer = "GLIBC_9.99";
    const bytes = Buffer.from(real);
    replaceAll(bytes, uint32(elfHash(name)), uint32(elfHash(newer)));
    replaceAll(bytes, Buffer.from(`${name}\0`), Buffer.from(`${newer}\0`));
    const error = failure(bytes);
    expect(error.tried[0]).toMatch(
      /driver_cpu\.node \(it needs glibc 9\.99, and this system has an older one: /,
    );
    expect(error.remedy).toContain("build the addon on this one: https://");
  });
});
