import { expect, test } from "vitest";
import { CallCounter } from "../src/webgpu/calls.js";

/** The part of WebGPU that one pass calls. */
function fakeAdapter(): GPUAdapter {
  const pass = { dispatchWorkgroups: () => {}, dispatchWorkgroupsIndirect: () => {} };
  const device = {
    queue: { submit: () => {}, writeBuffer: () => {} },
    createBindGroup: () => ({}),
    createComputePipeline: () => ({}),
    createComputePipelineAsync: async () => ({}),
    createBuffer: ({ size }: GPUBufferDescriptor) => ({ size, mapAsync: async () => {} }),
    createCommandEncoder: () => ({ beginComputePass: () => ({ ...pass }), finish: () => ({}) }),
  };
  return { requestDevice: async () => device } as unknown as GPUAdapter;
}

test("every call is counted once, with bytes as WebGPU counts them", async () => {
  const adapter = fakeAdapter();
  const counter = new CallCounter(adapter);
  const device = await adapter.requestDevice();
  const buffer = device.createBuffer({ size: 64, usage: 0 });
  device.createBuffer({ size: 8, usage: 0 });
  device.queue.writeBuffer(buffer, 0, Float32Array.of(1, 2, 3), 1);
  device.queue.writeBuffer(buffer, 0, Uint8Array.of(1, 2, 3, 4), 0, 4);
  const encoder = device.createCommandEncoder();
  for (let i = 0; i < 2; i++) encoder.beginComputePass().dispatchWorkgroups(1);
  device.queue.submit([encoder.finish()]);
  await buffer.mapAsync(1);
  await buffer.mapAsync(1, 0, 16);
  expect(counter.take()).toEqual({
    dispatches: 2,
    submits: 1,
    buffers: 2,
    bindGroups: 0,
    pipelines: 0,
    uploads: 2,
    uploadedBytes: 12,
    readBacks: 2,
    readBackBytes: 80,
  });
  device.createBindGroup({} as GPUBindGroupDescriptor);
  await device.createComputePipelineAsync({} as GPUComputePipelineDescriptor);
  expect(counter.take()).toMatchObject({ dispatches: 0, buffers: 0, bindGroups: 1, pipelines: 1 });
});
