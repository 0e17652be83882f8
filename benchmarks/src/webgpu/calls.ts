/** Calls to a device, counted at WebGPU itself and not by the code under test. */
export interface Calls {
  dispatches: number;
  submits: number;
  buffers: number;
  bindGroups: number;
  pipelines: number;
  /** Number of writes of the host to the device, and their bytes. */
  uploads: number;
  uploadedBytes: number;
  /** Number of reads of the host from the device, and their bytes. */
  readBacks: number;
  readBackBytes: number;
}

const noCalls = (): Calls => ({
  dispatches: 0,
  submits: 0,
  buffers: 0,
  bindGroups: 0,
  pipelines: 0,
  uploads: 0,
  uploadedBytes: 0,
  readBacks: 0,
  readBackBytes: 0,
});

/** Counts the calls to the one device that an adapter gives. */
export class CallCounter {
  #calls: Calls = noCalls();

  constructor(adapter: GPUAdapter) {
    const requestDevice = adapter.requestDevice.bind(adapter);
    adapter.requestDevice = async (descriptor) => this.#watch(await requestDevice(descriptor));
  }

  /** The calls since they were last taken. */
  take(): Calls {
    const calls = this.#calls;
    this.#calls = noCalls();
    return calls;
  }

  #watch(device: GPUDevice): GPUDevice {
    const { queue } = device;
    Object.defineProperty(device, "queue", { value: queue });
    onCall(queue, "submit", () => this.#calls.submits++);
    onCall(queue, "writeBuffer", (_, [, , data, from = 0, size]) => {
      this.#calls.uploads++;
      this.#calls.uploadedBytes += bytesOf(data as ArrayBufferView, from as number, size as number);
    });
    onCall(device, "createBindGroup", () => this.#calls.bindGroups++);
    onCall(device, "createComputePipeline", () => this.#calls.pipelines++);
    onCall(device, "createComputePipelineAsync", () => this.#calls.pipelines++);
    onCall(device, "createBuffer", (buffer) => {
      this.#calls.buffers++;
      onCall(buffer as GPUBuffer, "mapAsync", (_mapped, [, , size]) => {
        this.#calls.readBacks++;
        this.#calls.readBackBytes += (size as number | undefined) ?? (buffer as GPUBuffer).size;
      });
    });
    onCall(device, "createCommandEncoder", (encoder) => {
      onCall(encoder as GPUCommandEncoder, "beginComputePass", (pass) => {
        const counted = () => this.#calls.dispatches++;
        onCall(pass as GPUComputePassEncoder, "dispatchWorkgroups", counted);
        onCall(pass as GPUComputePassEncoder, "dispatchWorkgroupsIndirect", counted);
      });
    });
    return device;
  }
}

/** Calls `seen` after each call of a method. */
function onCall<T extends object>(
  target: T,
  method: keyof T & string,
  seen: (result: unknown, args: readonly unknown[]) => void,
): void {
  const original = target[method] as (...args: unknown[]) => unknown;
  const value = (...args: unknown[]): unknown => {
    const result = original.apply(target, args);
    seen(result, args);
    return result;
  };
  Object.defineProperty(target, method, { value });
}

/** `from` and `size` count elements of a typed array. */
function bytesOf(data: ArrayBufferView | ArrayBuffer, from: number, size?: number): number {
  const each = (data as Partial<Uint8Array>).BYTES_PER_ELEMENT ?? 1;
  return size === undefined ? data.byteLength - from * each : size * each;
}
