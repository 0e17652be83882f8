import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";

/** The targets to test on, separated by commas. Without it, or when it is empty, no target is tested. */
const variable = "RIPVEC_WEBGPU_TARGETS";

/**
 * A target is an implementation of WebGPU that tests run on: in Node lavapipe, SwiftShader, or the Vulkan, Metal or
 * D3D12 device that the system offers first; and Chromium.
 */
export const targetNames = ["lavapipe", "swiftshader", "system", "chromium"] as const;
export type Target = (typeof targetNames)[number];
export type NodeTarget = Exclude<Target, "chromium">;
const nodeTargets: readonly NodeTarget[] = ["lavapipe", "swiftshader", "system"];

export const chromiumProgram: string = process.env.RIPVEC_CHROMIUM || "/usr/bin/chromium";

/** The files that scripts/install-test-targets.mjs installs. */
const icdFiles: Record<Exclude<NodeTarget, "system">, string> = {
  lavapipe:
    process.env.RIPVEC_LAVAPIPE_ICD ||
    join(
      process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
      "ripvec-test-targets/lavapipe/icd.json",
    ),
  swiftshader: process.env.RIPVEC_SWIFTSHADER_ICD || "/usr/lib/chromium/vk_swiftshader_icd.json",
};

/** The value that the process started with; the software targets set their own. */
const systemIcds = process.env.VK_ICD_FILENAMES;

const asked = askedTargets(process.env[variable] ?? "");

export function askedTargets(list: string): ReadonlySet<Target> {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const isTarget = (name: string): name is Target =>
    (targetNames as readonly string[]).includes(name);
  const unknown = names.filter((name) => !isTarget(name));
  if (unknown.length > 0) {
    throw new Error(
      `${variable} names ${unknown.join(", ")}; targets are ${targetNames.join(", ")}`,
    );
  }
  return new Set(names.filter(isTarget));
}

/**
 * Groups the tests of a target. If the target was not requested, one skipped test replaces them. If
 * it was requested and has no adapter, they fail.
 */
export function describeTarget(target: Target, body: () => void): void {
  if (asked.has(target)) describe(`target ${target}`, body);
  else test.skip(`target ${target}: not requested by ${variable}`, () => {});
}

/** Groups tests that run once on each target in Node. */
export function describeNodeTargets(body: (target: NodeTarget) => void): void {
  for (const target of nodeTargets) describeTarget(target, () => body(target));
}

/**
 * Groups tests of Dawn that need no adapter. They are skipped if no target in Node was requested.
 */
export function describeDawn(body: () => void): void {
  if (nodeTargets.some((target) => asked.has(target))) describe("Dawn in Node", body);
  else test.skip(`Dawn in Node: ${variable} names no target in Node`, () => {});
}

export class TargetError extends Error {
  override readonly name = "TargetError";
  constructor(target: Target, problem: string) {
    const remedy =
      target === "system"
        ? ""
        : `. Install it: node packages/driver-webgpu/scripts/install-test-targets.mjs ${target}`;
    super(`target ${target} was asked for, but ${problem}${remedy}`);
  }
}

/**
 * Keeps every GPU object reachable, because WebGPU objects that were made from one stop working
 * when it is collected.
 */
const kept: Map<NodeTarget, Promise<GPU>> = new Map();
Object.assign(globalThis, { [Symbol.for("ripvec.targets")]: kept });

/** The target's `GPU`, one in a process. Rejects with TargetError if it has no adapter. */
export function targetGpu(target: NodeTarget): Promise<GPU> {
  let gpu = kept.get(target);
  if (!gpu) {
    gpu = createGpu(target);
    kept.set(target, gpu);
  }
  return gpu;
}

async function createGpu(target: NodeTarget): Promise<GPU> {
  const icds = target === "system" ? systemIcds : icdFiles[target];
  if (target !== "system" && !existsSync(icdFiles[target])) {
    throw new TargetError(target, `there is no ${icdFiles[target]}`);
  }
  if (icds === undefined) delete process.env.VK_ICD_FILENAMES;
  else process.env.VK_ICD_FILENAMES = icds;
  const { create } = await import("webgpu");
  const gpu = create([]);
  if (!(await gpu.requestAdapter())) throw new TargetError(target, "Dawn finds no adapter");
  return gpu;
}
