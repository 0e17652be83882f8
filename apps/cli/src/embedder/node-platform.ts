import { resolve } from "node:path";
import { knownArchs } from "./archs.js";
import { importInstalled } from "./import-installed.js";
import type { KnownDriver, Platform } from "./platform.js";

/** A driver is loaded when it is opened. To add one, add an entry; the best comes first. */
const drivers: readonly KnownDriver[] = [
  {
    name: "cpu",
    isAutomatic: true,
    async open(settings) {
      const { cpu } = await import("@ripvec/driver-cpu");
      return cpu(settings);
    },
  },
  {
    name: "webgpu",
    // It needs the npm package webgpu, and its adapter may compute on the CPU, slowly.
    isAutomatic: false,
    async open(settings) {
      const { webgpu } = await import("@ripvec/driver-webgpu");
      return webgpu(settings);
    },
  },
];

/** Packages and files are found as from a program in this folder. */
export function nodePlatform(folder: string): Platform {
  const from = resolve(folder);
  return {
    drivers,
    archs: knownArchs,
    importPackage: (kind, name, supported) => importInstalled({ kind, name, supported, from }),
  };
}
