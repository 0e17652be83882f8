import type { DriverPass, KernelArgs } from "@ripvec/core/driver";
import { templateKernels } from "../../src/generated/template-kernels.js";
import {
  type Kernel,
  type KernelTable,
  type Memory,
  runKernel,
} from "../../src/template/kernel.js";
import { TemplateImplementation } from "../../src/template/template-driver.js";
import {
  type Mutant,
  withMethods,
  wrongImplementation,
  wrongKernels,
  wrongPass,
} from "./mutant.js";

const names = "contract: every kernel has the name of an op";
const bytesOfResult = "contract: submit resolves with the bytes of the result";

/** Drivers that compute right results and break the rules of the calls around it. */
export const callMutants: readonly Mutant[] = [
  {
    ...wrongPass("arguments of gelu kept until submit", "op gelu, f32", () => undefined, lateGelu),
    message: /^gelu \(f32\) \/ .*: the kernel read args\.form, args\.out, args\.x after its call/,
  },
  {
    ...wrongKernels("a kernel with a misspelt name", names, misspelt("fused_biasgelu")),
    message: /"fused_biasgelu" is no op .* most similar op is "fused_bias_gelu"; .*newerOps/,
  },
  {
    ...wrongImplementation("a required op without a kernel", names, () => {
      const { tanh: _, ...others } = templateKernels;
      return new TemplateImplementation(others, {});
    }),
    message: /no kernel for the required op tanh$/,
  },
  wrongResult("a view", (bytes) => new Uint8Array(bytes), /got Uint8Array$/),
  wrongResult("floats", (bytes) => new Float32Array(bytes), /got Float32Array$/),
  wrongResult("nothing", () => undefined, /got Undefined$/),
  wrongResult(
    "too many bytes",
    ({ byteLength }) => new ArrayBuffer(byteLength + 4),
    /of 24 bytes$/,
  ),
  wrongResult("too few bytes", (bytes) => bytes.slice(4), /got one of 16 bytes$/),
  wrongResult("shared memory", (bytes) => new SharedArrayBuffer(bytes.byteLength), /got Shared/),
  {
    ...wrongSubmit("submit never settles", bytesOfResult, () => new Promise(() => {})),
    timeoutMs: 300,
    message: /^not done after 300 ms; pending, neither resolved nor rejected: submit of a pass$/,
  },
  {
    ...wrongImplementation("close never ends", "memory: a view may be the result", () => {
      return new Unending(templateKernels, {});
    }),
    timeoutMs: 300,
    message: /^not done after 300 ms; pending, neither resolved nor rejected: close$/,
  },
];

/** Reads the arguments of gelu when the pass runs. */
function lateGelu(pass: DriverPass<Memory>): DriverPass<Memory> {
  const late: (() => void)[] = [];
  const gelu = (args: KernelArgs<"gelu", Memory>) => {
    late.push(() => runKernel("gelu", templateKernels.gelu as Kernel<"gelu">, args));
  };
  return withMethods(pass, {
    kernels: { ...pass.kernels, gelu },
    submit: async (memory, byteLength) => {
      await Promise.resolve();
      for (const step of late) step();
      return pass.submit(memory, byteLength);
    },
  });
}

function misspelt(name: string): KernelTable {
  return { [name]: () => {} } as KernelTable;
}

/** Resolves with `change(bytes)` in place of the bytes of the result. */
function wrongResult(
  name: string,
  change: (bytes: ArrayBuffer) => unknown,
  message: RegExp,
): Mutant {
  const mutant = wrongSubmit(`submit resolves with ${name}`, bytesOfResult, async (right) => {
    return change(await right());
  });
  return { ...mutant, message };
}

function wrongSubmit(
  name: string,
  caughtBy: string,
  submit: (right: () => Promise<ArrayBuffer>) => Promise<unknown>,
): Mutant {
  return wrongPass(
    name,
    caughtBy,
    () => undefined,
    (pass) =>
      withMethods(pass, {
        submit: (memory, byteLength) =>
          submit(() => pass.submit(memory, byteLength)) as Promise<ArrayBuffer>,
      }),
  );
}

class Unending extends TemplateImplementation {
  override close(): Promise<void> {
    return new Promise(() => {});
  }
}
