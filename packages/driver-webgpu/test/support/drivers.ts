import type { Driver } from "@ripvec/core";
import { webgpu } from "../../src/index.js";
import { laneGpu, type NodeLane } from "./lanes.js";

const devices = new Map<NodeLane, Promise<GPUDevice>>();

/** A driver on the lane's one shared device, so that its pipelines are compiled once in a process. */
export async function driverOn(lane: NodeLane): Promise<Driver> {
  const device = devices.get(lane) ?? deviceOn(lane);
  devices.set(lane, device);
  return webgpu({ device: await device });
}

/** A new device with all that the lane's adapter has. */
export async function deviceOn(lane: NodeLane): Promise<GPUDevice> {
  const adapter = await (await laneGpu(lane)).requestAdapter();
  if (!adapter) throw new Error(`lane ${lane}: no adapter`);
  const { limits, features } = adapter;
  const f16 = features.has("shader-f16");
  return adapter.requestDevice({
    requiredFeatures: f16 ? ["shader-f16"] : [],
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    },
  });
}
