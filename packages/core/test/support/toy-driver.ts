import type { Capabilities, Driver, WeightDType } from "@ripvec/core";
import { toF32 } from "@ripvec/core/arch";
import {
  createDriver,
  type DriverImplementation,
  type DriverPass,
  type DType,
  type Kernels,
  type SequenceLayout,
  type Tensor,
  type TensorRole,
  type WeightView,
} from "@ripvec/core/driver";

type Memory = Uint8Array<ArrayBuffer>;

/** What happened inside a toy driver, and what should go wrong. */
export class ToyLog {
  /** Sequence lengths of every pass that was submitted. */
  readonly passes: number[][] = [];
  running = 0;
  mostRunning = 0;
  abandoned = 0;
  readonly inputs: Int32Array[] = [];
  /** How many implementations are open over the weights. */
  open = 1;
  closes = 0;
  weights = 0;
  /** What was given for each weight. */
  readonly given: { readonly dtype: DType; readonly values: Float32Array }[] = [];
  /** What each weight shall be kept in. */
  readonly kept: WeightDType[] = [];
  /** Replaces what a pass resolves with; may throw or wait. */
  answer: (bytes: ArrayBuffer, pass: number) => ArrayBuffer | Promise<ArrayBuffer> = (bytes) =>
    bytes;
}

const f32 = ({ storage: memory }: Tensor<DType, Memory>): Float32Array => {
  return new Float32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4);
};
const i32 = ({ storage: memory }: Tensor<DType, Memory>): Int32Array => {
  return new Int32Array(memory.buffer, memory.byteOffset, memory.byteLength / 4);
};

function kernelsOf(steps: (() => void)[], lengths: number[]): Kernels<Memory> {
  return {
    embedding_lookup: ({ table, ids, out }) => {
      steps.push(() => {
        const cols = out.shape[1] ?? 0;
        i32(ids).forEach((id, row) => {
          f32(out).set(f32(table).subarray(id * cols, (id + 1) * cols), row * cols);
        });
      });
    },
    mean_pool: ({ x, layout, out }) => {
      lengths.push(...layout.seqLens);
      steps.push(() => meanPool(f32(x), layout, f32(out)));
    },
    add_bias: ({ x, bias, out }) => {
      steps.push(() => {
        const b = f32(bias);
        f32(out).set(f32(x).map((value, i) => value + (b[i % b.length] ?? 0)));
      });
    },
    copy: ({ x, out }) => {
      steps.push(() => out.storage.set(x.storage));
    },
  };
}

function meanPool(x: Float32Array, layout: SequenceLayout, out: Float32Array): void {
  const cols = out.length / layout.batch;
  for (let b = 0; b < layout.batch; b++) {
    const [from = 0, to = 0] = layout.hostCuSeqlens.subarray(b, b + 2);
    for (let c = 0; c < cols; c++) {
      let sum = 0;
      for (let row = from; row < to; row++) sum += x[row * cols + c] ?? 0;
      out[b * cols + c] = to > from ? sum / (to - from) : 0;
    }
  }
}

export class ToyImplementation implements DriverImplementation<Memory> {
  specVersion = 2;
  name = "toy";
  readonly capabilities: Capabilities;
  readonly log: ToyLog;
  clone?: () => DriverImplementation<Memory>;

  constructor(log: ToyLog, capabilities: Partial<Capabilities> = {}, canClone = true) {
    this.log = log;
    this.capabilities = {
      isGpu: false,
      needsWarmUp: false,
      overlapsPasses: false,
      device: "toy",
      dtypes: new Set(["f32"]),
      storageDtypes: new Set(["f32", "i32"]),
      weightDtypes: new Set(["f32"]),
      maxInFlight: 1,
      preferredBatchTokens: 64,
      maxTensorBytes: 2 ** 20,
      ...capabilities,
    };
    if (canClone) {
      this.clone = () => {
        log.open++;
        return new ToyImplementation(log, this.capabilities);
      };
    }
  }

  createWeight(view: WeightView, _role: TensorRole, dtype: WeightDType): Memory {
    this.log.weights++;
    this.log.given.push({ dtype: view.dtype, values: toF32(view) });
    this.log.kept.push(dtype);
    return new Uint8Array(view.bytes());
  }

  releaseWeight(): void {
    this.log.weights--;
  }

  beginPass(): DriverPass<Memory> {
    const steps: (() => void)[] = [];
    const lengths: number[] = [];
    const { log } = this;
    return {
      kernels: kernelsOf(steps, lengths),
      alloc: (byteLength) => new Uint8Array(byteLength),
      release: () => {},
      slice: (memory, byteOffset, byteLength) =>
        memory.subarray(byteOffset, byteOffset + byteLength),
      input: (bytes) => new Uint8Array(bytes),
      fill: (memory, byteLength, value) => {
        steps.push(() => memory.fill(value, 0, byteLength));
      },
      submit: async (memory, byteLength) => {
        const pass = log.passes.push(lengths) - 1;
        log.running++;
        log.mostRunning = Math.max(log.mostRunning, log.running);
        try {
          await new Promise((resolve) => setImmediate(resolve));
          for (const step of steps) step();
          const bytes = new Uint8Array(memory.subarray(0, byteLength));
          return await log.answer(bytes.buffer, pass);
        } finally {
          log.running--;
        }
      },
      abandon: () => {
        log.abandoned++;
      },
    };
  }

  async close(): Promise<void> {
    this.log.open--;
    this.log.closes++;
  }
}

export function toyDriver(
  capabilities: Partial<Capabilities> = {},
  log: ToyLog = new ToyLog(),
): { driver: Driver; log: ToyLog } {
  return { driver: createDriver(new ToyImplementation(log, capabilities)), log };
}
