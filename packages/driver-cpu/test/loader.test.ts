import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DriverUnavailableError, InputError } from "@ripvec/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cpu, cpuInfo } from "../src/index.js";
import type { InstructionSet } from "../src/options.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ripvec-loader-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function failure(attempt: Promise<unknown>): Promise<DriverUnavailableError> {
  const error = await attempt.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DriverUnavailableError);
  return error as DriverUnavailableError;
}

test("the error for a missing or broken addon names it, the platform and the remedy", async () => {
  const missing = join(folder, "none.node");
  const error = await failure(cpu({ binaryPath: missing }));
  expect(error.tried).toHaveLength(1);
  expect(error.message).toContain(missing);
  expect(error.message).toContain(`${process.platform}-${process.arch}`);
  expect(error.remedy).toContain("binaryPath names a file that does not exist");

  const broken = join(folder, "broken.node");
  writeFileSync(broken, "not a library");
  expect((await failure(cpu({ binaryPath: broken }))).tried[0]).toContain(broken);
  vi.stubEnv("RIPVEC_CPU_BINARY", broken);
  expect((await failure(cpu())).tried[0]).toContain(broken);
});

test("binaryPath must be a path or a file URL", async () => {
  for (const wrong of [5, {}, null, false]) {
    const attempt = cpu({ binaryPath: wrong as unknown as string });
    await expect(attempt).rejects.toThrow(InputError);
    await expect(attempt).rejects.toThrow("The option binaryPath must be a path or a file URL");
  }
  const web = cpu({ binaryPath: new URL("https://example.com/driver_cpu.node") });
  await expect(web).rejects.toThrow("The option binaryPath is no URL of a file");
  const { binaryPath } = cpuInfo();
  const url = pathToFileURL(binaryPath);
  expect(cpuInfo({ binaryPath: url }).binaryPath).toBe(binaryPath);
  vi.stubEnv("RIPVEC_CPU_BINARY", url.href);
  expect(cpuInfo().binaryPath).toBe(binaryPath);
});

test("a directory or a device in place of the addon is named as such", async () => {
  vi.stubEnv("RIPVEC_CPU_BINARY", folder);
  const error = await failure(cpu());
  expect(error.tried[0]).toContain("it is a directory, not a file");
  expect(error.remedy).toContain("RIPVEC_CPU_BINARY names no file that can be loaded");
  if (process.platform === "win32") return;
  const device = await failure(cpu({ binaryPath: "/dev/zero" }));
  expect(device.tried[0]).toContain("it is a device, not a file");
});

test("binaryPath takes precedence over the environment", async () => {
  const { binaryPath } = cpuInfo();
  vi.stubEnv("RIPVEC_CPU_BINARY", join(folder, "none.node"));
  const driver = await cpu({ binaryPath, threads: 1 });
  await driver.close();
});

test("an addon of another version is refused with the op on which it differs", async () => {
  const older = join(folder, "older.cjs");
  writeFileSync(
    older,
    "exports.ops = () => [{ name: 'linear', code: 0, tensors: 9, numbers: 0 }];",
  );
  const error = await failure(cpu({ binaryPath: older }));
  expect(error.message).toContain("linear");
  expect(error.remedy).toMatch(/another version/);
  expect(() => cpuInfo({ binaryPath: older })).toThrow(DriverUnavailableError);
  vi.stubEnv("RIPVEC_CPU_BINARY", older);
  expect((await failure(cpu())).remedy).toContain("unset RIPVEC_CPU_BINARY");
});

test("an instruction set that the CPU lacks, or that does not exist, is refused", async () => {
  const lacking = process.arch === "x64" ? "neon" : "avx2";
  const error = await failure(cpu({ instructionSet: lacking }));
  expect(error.message).toContain(lacking);
  expect(error.message).toContain("portable");
  vi.stubEnv("RIPVEC_CPU_ISA", lacking);
  await failure(cpu());
  const unknown = cpu({ instructionSet: "mmx" as InstructionSet });
  await expect(unknown).rejects.toThrow(InputError);
  await expect(unknown).rejects.toThrow(/^instructionSet must be one of .*, got mmx$/);
  vi.stubEnv("RIPVEC_CPU_ISA", "AVX2");
  await expect(cpu()).rejects.toThrow(InputError);
  await expect(cpu()).rejects.toThrow(/^RIPVEC_CPU_ISA must be one of .*, got AVX2$/);
  vi.stubEnv("RIPVEC_CPU_ISA", "");
  await (await cpu({ threads: 1 })).close();
});
