import type { Driver } from "@ripvec/core";
import { createDriver } from "@ripvec/core/driver";
import { type OpenDevice, openDevice } from "../../src/device.js";
import { WebGpuDriver } from "../../src/driver.js";
import { webgpu } from "../../src/index.js";
import { type NodeTarget, targetGpu } from "./targets.js";

const devices = new Map<NodeTarget, Promise<GPUDevice>>();

/** The shared device of the target, one in a process, so that pipelines are compiled once. */
export function sharedDevice(target: NodeTarget): Promise<GPUDevice> {
  const device = devices.get(target) ?? newDevice(target);
  devices.set(target, device);
  return device;
}

/** A driver on the shared device. */
export async function driverOn(target: NodeTarget): Promise<Driver> {
  return webgpu({ device: await sharedDevice(target) });
}

/** A new device, created as the driver does it. The caller destroys it. */
export async function newDevice(target: NodeTarget): Promise<GPUDevice> {
  return (await openDevice({ gpu: await targetGpu(target) })).device;
}

/** A driver on `device` with access to its internal state. */
export async function openOn(
  device: GPUDevice,
  limits: Partial<OpenDevice> = {},
): Promise<{ readonly driver: Driver; readonly inside: WebGpuDriver }> {
  const inside = new WebGpuDriver({ ...(await openDevice({ device })), ...limits });
  return { driver: createDriver(inside), inside };
}
