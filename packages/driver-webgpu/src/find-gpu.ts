import { DriverUnavailableError } from "@ripvec/core";

const driver = "webgpu";
const kept = Symbol.for("ripvec.webgpu.gpu");

/** `navigator.gpu` where there is one, else the npm package `webgpu`. Throws DriverUnavailableError. */
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

/**
 * One instance for the process. It must stay reachable: when it is collected, devices made from it
 * hang or end the process.
 */
async function gpuOfNode(): Promise<GPU> {
  const store = globalThis as { [kept]?: GPU };
  store[kept] ??= (await dawn()).create([]);
  return store[kept];
}

async function dawn(): Promise<{ create(options: string[]): GPU }> {
  /** Not spelled in the import, so that bundlers for browsers leave it alone. */
  const name = "webgpu";
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  } catch (cause) {
    throw new DriverUnavailableError({
      driver,
      tried: ["navigator.gpu (absent)", `import("webgpu") (${(cause as Error).message})`],
      remedy: "Install the npm package webgpu (version 0.6.2) beside this driver.",
      cause,
    });
  }
}
