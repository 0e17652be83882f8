import type { WeightDType } from "@ripvec/core";
import type { DriverPass, TensorRole, WeightView } from "@ripvec/core/driver";
import { templateKernels } from "../../src/generated/template-kernels.js";
import { numberToBf16 } from "../../src/numbers/half.js";
import { type Kernel, type Memory, runKernel } from "../../src/template/kernel.js";
import { copy } from "../../src/template/ops/copy.js";
import { TemplateImplementation } from "../../src/template/template-driver.js";
import {
  type Mutant,
  withMethods,
  wrongImplementation,
  wrongKernels,
  wrongPass,
} from "./mutant.js";

/** Right kernels over memory that is handled wrongly. */
export const memoryMutants: readonly Mutant[] = [
  wrongPass(
    "allocZeroed is not zeroed",
    "memory: allocZeroed is zero in memory that was used before",
    () => undefined,
    (pass) =>
      withMethods(pass, {
        fill: (memory, byteLength, value) => {
          if (value !== 0) pass.fill(memory, byteLength, value);
        },
      }),
  ),
  wrongPass(
    "input not copied",
    "memory: input is copied before the call returns",
    () => undefined,
    (pass) =>
      withMethods(pass, {
        input: ({ buffer, byteOffset, byteLength }) => ({
          buffer: buffer as ArrayBuffer,
          byteOffset,
          byteLength,
        }),
      }),
  ),
  wrongPass(
    "input of an earlier pass",
    "memory: input comes back as it went in",
    () => new Map<number, Memory>(),
    (pass, cache) => withMethods(pass, { input: (bytes) => cachedInput(pass, cache, bytes) }),
  ),
  wrongPass(
    "memory shared by passes in flight",
    "stress: passes in flight together don't mix",
    () => ({ buffer: new ArrayBuffer(1 << 26), used: 0 }),
    (pass, shared) => {
      shared.used = 0;
      return withMethods(pass, {
        alloc(byteLength) {
          const byteOffset = shared.used;
          shared.used += Math.ceil(byteLength / 8) * 8;
          return { buffer: shared.buffer, byteOffset, byteLength };
        },
        release() {},
        async submit(memory, byteLength) {
          await pass.submit(memory, byteLength);
          await new Promise((resolve) => setTimeout(resolve, 1));
          return memory.buffer.slice(memory.byteOffset, memory.byteOffset + byteLength);
        },
      });
    },
  ),
  wrongPass(
    "memory released while it is still read",
    "memory: scopes recycle without touching what lives on",
    () => undefined,
    (pass) => {
      const early: Memory[] = [];
      return withMethods(pass, {
        alloc(byteLength) {
          const at = early.findIndex((memory) => memory.byteLength === byteLength);
          const [reused] = at < 0 ? [] : early.splice(at, 1);
          const memory = reused ?? pass.alloc(byteLength);
          early.push(memory);
          return memory;
        },
      });
    },
  ),
  wrongPass(
    "results in memory that is used again",
    "memory: results belong to the caller",
    () => ({ result: new ArrayBuffer(0) }),
    (pass, state) =>
      withMethods(pass, {
        async submit(memory, byteLength) {
          const bytes = await pass.submit(memory, byteLength);
          if (state.result.byteLength !== byteLength) state.result = bytes;
          else new Uint8Array(state.result).set(new Uint8Array(bytes));
          return state.result;
        },
      }),
  ),
  wrongPass(
    "views start at the wrong element",
    "memory: views read and write their tensor",
    () => undefined,
    (pass) =>
      withMethods(pass, {
        slice: (memory, from, byteLength) => pass.slice(memory, from & ~15, byteLength),
      }),
  ),
  wrongPass(
    "arguments read when the pass runs",
    "contract: arguments may be reused once an op is recorded",
    () => undefined,
    lateArguments,
  ),
  wrongImplementation(
    "closing frees the weights of clones",
    "contract: weights outlive the driver that made them while a clone lives",
    () => new ForgetfulWeights(templateKernels, {}),
  ),
  wrongImplementation(
    "f16 weights read as bf16",
    "contract: f32, f16 and bf16 weights serve in every role",
    () => new MisreadWeights(templateKernels, {}),
  ),
  wrongImplementation(
    "released weights gone before earlier passes have read them",
    "contract: a weight released after a pass was submitted serves that pass",
    () => new HastyWeights(templateKernels, {}),
  ),
  wrongKernels("halves rounded toward zero", "op convert, f32", {
    convert(args) {
      if (args.out.dtype !== "bf16") return templateKernels.convert?.(args);
      const values = args.x.data;
      const patterns = new Uint16Array(args.out.bytes.buffer, args.out.bytes.byteOffset);
      values.forEach((value, i) => {
        const word = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
        patterns[i] = Number.isNaN(value) ? numberToBf16(value) : word >>> 16;
      });
    },
  }),
  wrongKernels("copies in steps of four bytes", "op copy, f32", {
    copy(args) {
      const whole = args.x.bytes.byteLength & ~3;
      args.out.bytes.set(args.x.bytes.subarray(0, whole));
      if (whole > 8) copy(args);
    },
  }),
];

function cachedInput(
  pass: DriverPass<Memory>,
  cache: Map<number, Memory>,
  bytes: Uint8Array,
): Memory {
  const memory = cache.get(bytes.byteLength) ?? pass.input(bytes);
  cache.set(bytes.byteLength, memory);
  return memory;
}

function lateArguments(pass: DriverPass<Memory>): DriverPass<Memory> {
  const kernel = templateKernels.copy as Kernel<"copy">;
  const late: (() => void)[] = [];
  const kernels = {
    ...pass.kernels,
    copy: (args: Parameters<NonNullable<typeof pass.kernels.copy>>[0]) => {
      late.push(() => runKernel("copy", kernel, args));
    },
  };
  const submit: typeof pass.submit = async (memory, byteLength) => {
    await Promise.resolve();
    for (const step of late) step();
    return pass.submit(memory, byteLength);
  };
  return withMethods(pass, { kernels, submit });
}

class ForgetfulWeights extends TemplateImplementation {
  readonly #weights: Memory[] = [];

  override createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Memory {
    const memory = super.createWeight(view, role, dtype);
    this.#weights.push(memory);
    return memory;
  }

  override async close(): Promise<void> {
    for (const { buffer } of this.#weights) new Uint8Array(buffer).fill(0);
  }
}

class MisreadWeights extends TemplateImplementation {
  override createWeight(view: WeightView, role: TensorRole, dtype: WeightDType): Memory {
    return super.createWeight(
      view.dtype === "f16" ? { ...view, dtype: "bf16" } : view,
      role,
      dtype,
    );
  }
}

class HastyWeights extends TemplateImplementation {
  override releaseWeight({ buffer }: Memory): void {
    new Uint8Array(buffer).fill(0);
  }
}
