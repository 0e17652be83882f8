import { openDevice } from "../../src/device.js";

const deviceBytes = 512 << 20;

/** A null device of Dawn, which computes nothing. It really allocates buffers, up to 512 MiB. */
export async function nullDevice(): Promise<GPUDevice> {
  const { create } = await import("webgpu");
  return (await openDevice({ gpu: create(["backend=null"]) })).device;
}

/** Allocates memory of a new null device until `bytes` are left. */
export function leave(device: GPUDevice, bytes: number): void {
  const storage = 0x80;
  const most = 128 << 20;
  for (let rest = deviceBytes - bytes; rest > 0; rest -= most) {
    device.createBuffer({ size: Math.min(rest, most), usage: storage });
  }
}
