import type { Capabilities, Driver } from "@ripvec/core";
import {
  createDriver,
  type DriverImplementation,
  type Kernels,
  type Ops,
  opNames,
  type Tensor,
  type TensorRole,
  weightView,
} from "@ripvec/core/driver";

/** A driver whose kernels compute nothing and write down what reached them. */
export interface NullDriver {
  readonly driver: Driver;
  /** Ops and memory events in order: "gelu", "alloc 16 #0", "release #0", "submit". */
  readonly events: string[];
  /** Records a pass that ends with a scalar. */
  record(body: (ops: Ops) => void): Promise<void>;
  /** Makes a weight of zeros. */
  weight(shape: readonly number[], role: TensorRole): Tensor<"f32">;
}

export function nullDriver({
  capabilities = {},
  without = [],
}: {
  capabilities?: Partial<Capabilities>;
  without?: readonly string[];
} = {}): NullDriver {
  const events: string[] = [];
  const kernels = Object.fromEntries(
    opNames
      .filter((name) => !without.includes(name))
      .map((name) => [name, () => events.push(name)]),
  ) as unknown as Kernels<unknown>;
  const driver = createDriver(implementation(events, kernels, capabilities));
  return {
    driver,
    events,
    async record(body) {
      await driver.run((ops) => {
        body(ops);
        return ops.alloc("f32", []);
      });
    },
    weight: (shape, role) =>
      driver.createTensor(
        weightView(`a ${role}`, shape, new Float32Array(shape.reduce((a, b) => a * b, 1))),
        role,
      ) as Tensor<"f32">,
  };
}

function implementation(
  events: string[],
  kernels: Kernels<unknown>,
  capabilities: Partial<Capabilities>,
): DriverImplementation<string> {
  let count = 0;
  return {
    specVersion: 2,
    name: "null",
    capabilities: {
      isGpu: false,
      needsWarmUp: false,
      overlapsPasses: false,
      device: "none",
      dtypes: new Set(["f32", "f16"]),
      storageDtypes: new Set(["f32", "f16", "i32"]),
      weightDtypes: new Set(["f32"]),
      maxInFlight: 1,
      preferredBatchTokens: 64,
      maxTensorBytes: 1024,
      ...capabilities,
    },
    createWeight: ({ name }, role) => `${name} as ${role}`,
    releaseWeight: (storage) => events.push(`release ${storage}`),
    beginPass: () => ({
      kernels,
      alloc(byteLength) {
        events.push(`alloc ${byteLength} #${count}`);
        return `#${count++}`;
      },
      release: (storage) => events.push(`release ${storage}`),
      slice: (storage, byteOffset, byteLength) => `${storage}+${byteOffset}:${byteLength}`,
      input(bytes) {
        events.push(`input ${bytes.byteLength} #${count}`);
        return `#${count++}`;
      },
      fill: (storage, byteLength, value) => events.push(`fill ${storage} ${byteLength} ${value}`),
      flush: () => events.push("flush"),
      async submit(storage, byteLength) {
        events.push(`submit ${storage}`);
        return new ArrayBuffer(byteLength);
      },
      abandon: () => events.push("abandon"),
    }),
    async close() {
      events.push("close");
    },
  };
}
