import type { Problem } from "../problem.js";

export interface Check {
  readonly words: string;
  /** Undefined: it could not be checked. */
  readonly isGood: boolean | undefined;
}

/** What the page needs from the browser, and what to do when it is missing. */
export interface WebGpuState {
  readonly checks: readonly Check[];
  readonly missing: Problem | undefined;
}

const browsers =
  "Use a browser with WebGPU: Chrome or Edge 113 or newer (on Android 121), Safari 26, Firefox 141 on Windows or 145 on a Mac with Apple silicon.";
const linux =
  "On Linux, Chrome may need the flag chrome://flags/#enable-unsafe-webgpu. With the flag it also works without a GPU, but slowly.";

/** Requests an adapter in the same way as the driver. */
export async function checkWebGpu(): Promise<WebGpuState> {
  const isSecure = globalThis.isSecureContext;
  const gpu = "gpu" in navigator ? navigator.gpu : undefined;
  const adapter = gpu && (await gpu.requestAdapter().catch(() => null));
  const checks: Check[] = [
    { words: "The page comes from https or from localhost", isGood: isSecure },
    { words: "The browser supports WebGPU (navigator.gpu)", isGood: gpu !== undefined },
    { words: "The browser has a graphics adapter for WebGPU", isGood: gpu && Boolean(adapter) },
  ];
  return {
    checks,
    missing: missing({ isSecure, hasGpu: gpu !== undefined, hasAdapter: Boolean(adapter) }),
  };
}

function missing(has: {
  isSecure: boolean;
  hasGpu: boolean;
  hasAdapter: boolean;
}): Problem | undefined {
  if (has.hasAdapter) return undefined;
  if (!has.isSecure) {
    return {
      title: "This page needs WebGPU, which browsers offer only to secure pages.",
      advice: [`Open it over https, or as http://localhost on the machine that serves it.`],
    };
  }
  if (!has.hasGpu) {
    return {
      title: "This page needs WebGPU, which this browser does not support.",
      advice: [browsers, linux],
    };
  }
  return {
    title: "This page needs WebGPU, and the browser finds no graphics adapter for it.",
    advice: [
      "Turn on hardware acceleration (graphics acceleration) in the browser's settings, and start the browser again.",
      "Update the driver of the graphics card; chrome://gpu says why the browser refuses one.",
      linux,
    ],
  };
}
