import { openDevice } from "../../src/device.js";

const roomBytes = 512 << 20;

/** A device of Dawn's that computes nothing, for what happens around passes. It has room for 512 MiB, really. */
export async function nullDevice(): Promise<GPUDevice> {
  const { create } = await import("webgpu");
  return (await openDevice({ gpu: create(["backend=null"]) })).device;
}

/** Takes room of a new null device until `bytes` are left. */
export function leave(device: GPUDevice, bytes: number): void {
  const storage = 0x80;
  const most = 128 << 20;
  for (let rest = roomBytes - bytes; rest > 0; rest -= most) {
    device.createBuffer({ size: Math.min(rest, most), usage: storage });
  }
}
