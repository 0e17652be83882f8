import { DriverUnavailableError } from "@ripvec/core";

const driver = "webgpu";
const gpusKey = Symbol.for("ripvec.webgpu.gpus");

/**
 * Keeps a reference to `gpu` until the process ends. When the GPU object of Dawn is garbage-collected, devices that came
 * from it hang or end the process, even closed ones.
 */
export function keepGpu(gpu: GPU): GPU {
  const store = globalThis as { [gpusKey]?: Set<GPU> };
  store[gpusKey] ??= new Set();
  store[gpusKey].add(gpu);
  return gpu;
}

/** `navigator.gpu` if there is one, else that of the npm package `webgpu`. Throws DriverUnavailableError. */
export async function findGpu(): Promise<GPU> {
  const { gpu } = (globalThis.navigator ?? {}) as { gpu?: GPU };
  if (gpu) return gpu;
  if (isNode()) return gpuOfNode();
  throw new DriverUnavailableError({
    driver,
    tried: ["navigator.gpu (absent)"],
    remedy:
      "Use a browser with WebGPU and a secure context (https or localhost), or fall back to another driver.",
  });
}

function isNode(): boolean {
  return typeof (globalThis as { process?: NodeJS.Process }).process?.versions?.node === "string";
}

let ofNode: Promise<GPU> | undefined;

/** All drivers share one GPU object. */
function gpuOfNode(): Promise<GPU> {
  ofNode ??= dawn().then(({ create }) => create([]));
  ofNode.catch(() => {
    ofNode = undefined;
  });
  return ofNode;
}

async function dawn(): Promise<{ create(options: string[]): GPU }> {
  /** A variable, so that bundlers for browsers do not resolve the import. */
  const name = "webgpu";
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch (cause) {
    throw new DriverUnavailableError({
      driver,
      tried: ["navigator.gpu (absent)", `import("webgpu") (${(cause as Error).message})`],
      remedy: "Install the npm package webgpu (version 0.6.2).",
      cause,
    });
  }
}
