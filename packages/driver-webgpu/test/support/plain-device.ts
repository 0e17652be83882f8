import { type NodeTarget, targetGpu } from "./targets.js";

/**
 * A device of the target with the least that the driver needs: the limits that every adapter has,
 * no subgroups, and f16 where the adapter has it. Every dispatch runs one workgroup more than was
 * requested, as happens when a grid is folded.
 */
export async function plainDevice(target: NodeTarget): Promise<GPUDevice> {
  const adapter = await (await targetGpu(target)).requestAdapter();
  if (!adapter) throw new Error(`target ${target}: no adapter`);
  const f16: readonly GPUFeatureName[] = ["shader-f16"];
  const device = await adapter.requestDevice({
    requiredFeatures: f16.filter((feature) => adapter.features.has(feature)),
  });
  const { createCommandEncoder } = device;
  device.createCommandEncoder = (descriptor) => {
    const encoder = createCommandEncoder.call(device, descriptor);
    const { beginComputePass } = encoder;
    encoder.beginComputePass = (options) => withOneMore(beginComputePass.call(encoder, options));
    return encoder;
  };
  return device;
}

function withOneMore(pass: GPUComputePassEncoder): GPUComputePassEncoder {
  const { dispatchWorkgroups } = pass;
  pass.dispatchWorkgroups = (x, y = 1) => dispatchWorkgroups.call(pass, y === 1 ? x + 1 : x, y);
  return pass;
}
