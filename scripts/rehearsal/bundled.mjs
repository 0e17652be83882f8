import { cpSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { composed, expectVectors, packagesOfCpu } from "./programs.mjs";
import { failureOf } from "./run-command.mjs";

const modelPackage = "@ripvec/model-all-minilm-l6-v2";
const linuxX64 = process.platform === "linux" && process.arch === "x64";

/** The path that a command of an installed package has. */
export const binary = (folder, name) => join(folder, "node_modules", ".bin", name);

/** Packages with a program for Linux on x64, whose install scripts would choose it. */
export const runtimes = linuxX64 && {
  bun: { install: "@oven/bun-linux-x64@1.4.5", path: "node_modules/@oven/bun-linux-x64/bin/bun" },
  deno: {
    install: "@deno/linux-x64-glibc@2.9.6",
    path: "node_modules/@deno/linux-x64-glibc/deno",
  },
};

/** Minified bundles have one line, and Node prints the line of an error that is not caught. */
const program = composed("import").replace(
  /main\(\);\s*$/,
  "main().catch((error) => {\n  console.error(String(error));\n  process.exitCode = 1;\n});\n",
);

/** Makes the app `app.mjs`, runs it and resolves with its folder and with what it printed. */
export async function makeApp({ app, sh }, { install, files = {} }) {
  const folder = await app({
    files: { "app.mjs": program, ...files },
    install: [...packagesOfCpu, ...install],
  });
  const printed = await sh(folder, "node", ["app.mjs"]);
  expectVectors(printed);
  return { folder, printed };
}

export function expectSame(printed, expected, what) {
  if (printed.trim() !== expected.trim()) {
    throw new Error(`${what} printed ${printed}, but the app without a bundler ${expected}`);
  }
}

/**
 * Checks an app that was bundled into the folder `out`. It works beside node_modules as it is. Where there is no node_modules, its
 * errors say what to copy, and with copies of both it works. `command` gives the command line for a path.
 */
export async function checkMoved({ app, sh }, { folder, printed }, out, command) {
  const start = (place) => {
    const [program, ...args] = command(join(place, out));
    return sh(place, program, args);
  };
  expectSame(await start(folder), printed, `${out}, where it was made,`);
  const place = await app();
  const installed = join(folder, "node_modules");
  const hidden = join(folder, "hidden");
  cpSync(join(folder, out), join(place, out), { recursive: true });
  // Some bundles contain the paths of the files that they were made of.
  renameSync(installed, hidden);
  try {
    await failureOf(start(place), ["there is no directory", "external"]);
    cpSync(join(hidden, modelPackage), join(place, out, "model-all-minilm-l6-v2"), {
      recursive: true,
    });
    await failureOf(start(place), [
      "DriverUnavailableError",
      "Mark @ripvec/driver-cpu as external",
      "copy driver_cpu.node",
      "RIPVEC_CPU_BINARY",
    ]);
    const tag = `${process.platform}-${process.arch}`;
    const addon = `@ripvec/driver-cpu-${tag}/driver_cpu.node`;
    cpSync(join(hidden, addon), join(place, out, "driver_cpu.node"));
    expectSame(await start(place), printed, `${out} with the addon and the model beside it`);
  } finally {
    renameSync(hidden, installed);
    rmSync(place, { recursive: true, force: true });
  }
}
