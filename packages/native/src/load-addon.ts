import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DriverUnavailableError } from "@ripvec/core";
import type { NativeBinding } from "./native.js";

const packageRoot = fileURLToPath(new URL("../", import.meta.url));
const loaded = new Map<string, NativeBinding>();

export interface LoadedBinding {
  readonly native: NativeBinding;
  readonly path: string;
}

/**
 * Loads the addon: from `binaryPath` or RIPVEC_CPU_BINARY alone when one is given, else from this package's
 * prebuilds, else from the optional package for this platform. Throws DriverUnavailableError with every attempt.
 */
export function loadBinding(binaryPath?: string): LoadedBinding {
  const chosen = binaryPath ?? process.env.RIPVEC_CPU_BINARY;
  const tag = platformTag();
  const candidates = chosen
    ? [resolve(chosen)]
    : [`${packageRoot}prebuilds/${tag}/driver_cpu.node`, `@ripvec/driver-cpu-${tag}`];
  const require = createRequire(import.meta.url);
  const tried: string[] = [];
  for (const path of candidates) {
    try {
      const native = loaded.get(path) ?? (require(path) as NativeBinding);
      loaded.set(path, native);
      return { native, path };
    } catch (error) {
      tried.push(`${path} (${firstLine(error)})`);
    }
  }
  throw new DriverUnavailableError({
    driver: `cpu for ${tag}, Node ${process.versions.node}`,
    tried,
    remedy:
      "Install @ripvec/driver-cpu again, or build the addon: in a clone of the repository, with a C++20 compiler, " +
      "run `node packages/driver-cpu/scripts/build.mjs`, then point RIPVEC_CPU_BINARY or the option binaryPath to driver_cpu.node.",
  });
}

/** `linux-x64`, `linux-arm64-musl`, `darwin-arm64`, … */
export function platformTag(): string {
  const musl = process.platform === "linux" && usesMusl();
  return `${process.platform}-${process.arch}${musl ? "-musl" : ""}`;
}

/** `ldd` is a script or program that names its C library; images without it have glibc. */
function usesMusl(): boolean {
  try {
    return readFileSync("/usr/bin/ldd", "latin1").includes("musl");
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0] ?? "";
}
