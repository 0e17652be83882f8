import type { Driver } from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { type OpenDevice, openDevice } from "../../src/device.js";
import { WebGpuDriver } from "../../src/driver.js";
import { webgpu } from "../../src/index.js";
import { laneGpu, type NodeLane } from "./lanes.js";

const devices = new Map<NodeLane, Promise<GPUDevice>>();

/** The lane's one shared device: its pipelines are compiled once in a process. */
export function sharedDevice(lane: NodeLane): Promise<GPUDevice> {
  const device = devices.get(lane) ?? newDevice(lane);
  devices.set(lane, device);
  return device;
}

/** A driver on the shared device. */
export async function driverOn(lane: NodeLane): Promise<Driver> {
  return webgpu({ device: await sharedDevice(lane) });
}

/** A new device, as the driver itself would make it; the caller destroys it. */
export async function newDevice(lane: NodeLane): Promise<GPUDevice> {
  return (await openDevice({ gpu: await laneGpu(lane) })).device;
}

/** A driver whose inside can be looked at, on `device`. */
export async function openOn(
  device: GPUDevice,
  limits: Partial<OpenDevice> = {},
): Promise<{ readonly driver: Driver; readonly inside: WebGpuDriver }> {
  const inside = new WebGpuDriver({ ...(await openDevice({ device })), ...limits });
  return { driver: createDriver(inside), inside };
}
