import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, test } from "vitest";

/** Names of the lanes to run, separated by commas. Empty or absent: none. */
const variable = "RIPVEC_WEBGPU_LANES";

/**
 * Where the tests run on WebGPU: in Node on lavapipe, on SwiftShader, on the Vulkan, Metal or D3D12 device that
 * the system offers first, and in Chromium.
 */
export const laneNames = ["lavapipe", "swiftshader", "system", "chromium"] as const;
export type Lane = (typeof laneNames)[number];
export type NodeLane = Exclude<Lane, "chromium">;
const nodeLanes: readonly NodeLane[] = ["lavapipe", "swiftshader", "system"];

export const chromiumProgram: string = process.env.RIPVEC_CHROMIUM || "/usr/bin/chromium";

/** As scripts/webgpu-lanes.mjs installs them. */
const icdFiles: Record<Exclude<NodeLane, "system">, string> = {
  lavapipe:
    process.env.RIPVEC_LAVAPIPE_ICD ||
    join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ripvec-lanes/lavapipe/icd.json"),
  swiftshader: process.env.RIPVEC_SWIFTSHADER_ICD || "/usr/lib/chromium/vk_swiftshader_icd.json",
};

/** As the machine has it: the lanes of software set their own. */
const systemIcds = process.env.VK_ICD_FILENAMES;

const asked = askedLanes(process.env[variable] ?? "");

export function askedLanes(list: string): ReadonlySet<Lane> {
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const isLane = (name: string): name is Lane => (laneNames as readonly string[]).includes(name);
  const unknown = names.filter((name) => !isLane(name));
  if (unknown.length > 0) {
    throw new Error(`${variable} names ${unknown.join(", ")}; lanes are ${laneNames.join(", ")}`);
  }
  return new Set(names.filter(isLane));
}

/** Groups tests of a lane. A lane that was not asked for is one skipped test; one that was fails without adapter. */
export function describeLane(lane: Lane, body: () => void): void {
  if (asked.has(lane)) describe(`lane ${lane}`, body);
  else test.skip(`lane ${lane}: not asked for in ${variable}`, () => {});
}

/** Groups tests that every Node lane runs for itself. */
export function describeNodeLanes(body: (lane: NodeLane) => void): void {
  for (const lane of nodeLanes) describeLane(lane, () => body(lane));
}

/** Groups tests of Dawn in Node that need no adapter: one skipped test where no Node lane was asked for. */
export function describeDawn(body: () => void): void {
  if (nodeLanes.some((lane) => asked.has(lane))) describe("Dawn in Node", body);
  else test.skip(`Dawn in Node: no lane of Node was asked for in ${variable}`, () => {});
}

export class LaneError extends Error {
  override readonly name = "LaneError";
  constructor(lane: Lane, problem: string) {
    const remedy = lane === "system" ? "" : `: node scripts/webgpu-lanes.mjs ${lane}`;
    super(`lane ${lane} was asked for, but ${problem}${remedy}`);
  }
}

/** WebGPU objects die with their GPU object, and that with the last reference which the collector sees. */
const kept: Map<NodeLane, Promise<GPU>> = new Map();
Object.assign(globalThis, { [Symbol.for("ripvec.lanes")]: kept });

/** The lane's `GPU`, one per process. Rejects with LaneError where it has no adapter. */
export function laneGpu(lane: NodeLane): Promise<GPU> {
  let gpu = kept.get(lane);
  if (!gpu) {
    gpu = createGpu(lane);
    kept.set(lane, gpu);
  }
  return gpu;
}

async function createGpu(lane: NodeLane): Promise<GPU> {
  const icds = lane === "system" ? systemIcds : icdFiles[lane];
  if (lane !== "system" && !existsSync(icdFiles[lane])) {
    throw new LaneError(lane, `there is no ${icdFiles[lane]}`);
  }
  if (icds === undefined) delete process.env.VK_ICD_FILENAMES;
  else process.env.VK_ICD_FILENAMES = icds;
  const { create } = await import("webgpu");
  const gpu = create([]);
  if (!(await gpu.requestAdapter())) throw new LaneError(lane, "Dawn finds no adapter");
  return gpu;
}
