/**
 * Builds the addon with a plain C++20 compiler: node scripts/build.mjs
 *
 *   CXX            the compiler; default c++, or the cross compiler of the target
 *   CXXFLAGS       more flags, for compiling and linking
 *   RIPVEC_TARGET  linux-arm64 | win32-x64: cross build; default: this machine
 *
 * Objects are kept in build/ and compiled again when a file they include, or a flag, changed. The addon
 * goes to prebuilds/<platform>-<arch>[-musl]/driver_cpu.node.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("..", import.meta.url));
const native = join(root, "../native/cpp");
const run = promisify(execFile);
const require = createRequire(import.meta.url);

const instructionSets = {
  x64: {
    avx2: "-mavx2 -mfma -mf16c",
    avx512: "-mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx2 -mfma -mf16c",
  },
  arm64: { neon: "" },
};
/** Sets that differ from one of those in the products of bytes alone. */
const dotSets = {
  x64: {
    avx2_vnni: `${instructionSets.x64.avx2} -mavxvnni`,
    avx512_vnni: `${instructionSets.x64.avx512} -mavx512vnni`,
  },
  arm64: { neon_dot: "-march=armv8.2-a+dotprod" },
};
const crossCompilers = {
  "linux-arm64": "aarch64-linux-gnu-g++",
  "win32-x64": "x86_64-w64-mingw32-g++",
};
const perSet = new Set(["matmul.cc", "narrow_rows.cc", "packed_matrix.cc", "set_kernels.cc"]);
const perDotSet = new Set(["matmul_i8.cc", "packed_i8.cc"]);

function hostTag() {
  let musl = false;
  try {
    musl = process.platform === "linux" && readFileSync("/usr/bin/ldd", "latin1").includes("musl");
  } catch {}
  return `${process.platform}-${process.arch}${musl ? "-musl" : ""}`;
}

/** What to build and with what, from the environment and from `overrides`. */
export function configure(overrides = {}) {
  const tag = overrides.tag ?? (process.env.RIPVEC_TARGET || hostTag());
  const [platform, arch] = tag.split("-");
  const cross = tag === hostTag() ? undefined : crossCompilers[tag];
  if (tag !== hostTag() && !cross) {
    throw new Error(
      `cannot build for ${tag} here; targets: ${Object.keys(crossCompilers).join(", ")}`,
    );
  }
  const flags = [process.env.CXXFLAGS ?? "", overrides.flags ?? ""]
    .join(" ")
    .split(" ")
    .filter(Boolean);
  const cxx = process.env.CXX || cross || "c++";
  const dlltool = cross ? "x86_64-w64-mingw32-dlltool" : "dlltool";
  return { tag, platform, arch, cxx, dlltool, flags };
}

function includeFlags() {
  const headers = [
    dirname(require.resolve("node-addon-api/package.json")),
    join(dirname(require.resolve("node-api-headers/package.json")), "include"),
  ];
  return headers.flatMap((path) => ["-isystem", path]);
}

const sourcesIn = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".cc"))
    .map((name) => `${folder}/${name}`);

/** One job an object: the source, its flags and the object's name; the flags are part of the file's. */
export function jobs(config, folders) {
  const { flags, arch, platform } = config;
  const common = [
    "-std=c++20",
    "-O3",
    "-fPIC",
    "-fvisibility=hidden",
    "-ffunction-sections",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-Wall",
    "-Wextra",
    "-Wno-psabi",
    // GCC aligns vectors on the stack to 32 and 64 bytes, Windows aligns the stack to 16 only.
    ...(platform === "win32" ? ["-Wa,-muse-unaligned-vector-move"] : []),
    `-I${root}`,
    `-I${native}`,
  ];
  const sets = { portable: "", ...instructionSets[arch] };
  return folders.flatMap(sourcesIn).flatMap((source) => {
    const name = source.replaceAll("../", "").replaceAll("/", "_").replace(".cc", "");
    const dot = perDotSet.has(basename(source));
    if (source.startsWith("ops/") || perSet.has(basename(source)) || dot) {
      return Object.entries(dot ? { ...sets, ...dotSets[arch] } : sets).map(([set, extra]) => ({
        source,
        name: `${name}.${set}`,
        flags: [
          ...common,
          "-fno-trapping-math",
          `-DRIPVEC_ISA=${set}`,
          ...extra.split(" ").filter(Boolean),
          ...flags,
        ],
      }));
    }
    const napi = /(^|\/)binding\//.test(source)
      ? [
          ...includeFlags(),
          "-DNAPI_VERSION=8",
          // Every C++ exception becomes one of JavaScript: the others would end the process.
          "-DNODE_ADDON_API_CPP_EXCEPTIONS",
          "-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL",
          // An exception for an environment that is being stopped is dropped, where it would end the process.
          "-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
          "-DNODE_GYP_MODULE_NAME=driver_cpu",
        ]
      : [];
    return [{ source, name, flags: [...common, ...napi, ...flags] }];
  });
}

function isFresh(object) {
  const dependencies = object.replace(/o$/, "d");
  if (!existsSync(object) || !existsSync(dependencies)) return false;
  const built = statSync(object).mtimeMs;
  const files = readFileSync(dependencies, "utf8")
    .replace(/\\\n/g, " ")
    .split(":")
    .slice(1)
    .join(":");
  return files
    .trim()
    .split(/\s+/)
    .every((file) => existsSync(file) && statSync(file).mtimeMs <= built);
}

const hash = (value) =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);

/** Compiles what is stale, as many at once as there are cores, and returns all objects. */
export async function compile(config, list) {
  const folder = join(root, "build", config.tag);
  mkdirSync(folder, { recursive: true });
  const objects = list.map((job) => join(folder, `${job.name}.${hash([config.cxx, job.flags])}.o`));
  const stale = list
    .map((job, i) => ({ ...job, object: objects[i] }))
    .filter((job) => !isFresh(job.object));
  const worker = async () => {
    for (let job = stale.shift(); job; job = stale.shift()) {
      // Renamed when whole, so that builds may be stopped and may overlap.
      const part = `${job.object}.${process.pid}`;
      const dependencies = job.object.replace(/o$/, "d");
      const output = ["-MMD", "-MF", dependencies, "-MT", job.object, "-o", part];
      await tool(config.cxx, [...job.flags, "-c", join(root, job.source), ...output]);
      renameSync(part, job.object);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return objects;
}

/** Runs a compiler; a failure shows its output, a missing one says what to do. */
export async function tool(command, args) {
  try {
    const { stderr } = await run(command, args, { maxBuffer: 1 << 26 });
    if (stderr) process.stderr.write(stderr);
  } catch (error) {
    if (error.code === "ENOENT") {
      throw new Error(
        `no compiler ${command}: install one for C++20 (Debian: apt install g++, macOS: xcode-select --install) or set CXX`,
      );
    }
    throw new Error(`${command} ${args.join(" ")}\n${error.stderr ?? error.message}`);
  }
}

/** Flags that make a shared object of which only the two entry points can be seen. */
function linkFlags({ platform, flags }, folder) {
  if (platform === "darwin") {
    return [
      "-shared",
      "-undefined",
      "dynamic_lookup",
      "-Wl,-exported_symbol,_napi_register_module_v1",
      "-Wl,-exported_symbol,_node_api_module_get_api_version_v1",
      ...flags,
    ];
  }
  const strip = flags.includes("-g") ? [] : ["-s"];
  if (platform === "win32") return ["-shared", "-static", ...strip, ...flags];
  const map = join(folder, "exports.map");
  writeFileSync(
    map,
    "{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n",
  );
  // nodelete: a worker's end must not unmap code that a thread may still return through.
  return [
    "-shared",
    "-static-libstdc++",
    "-pthread",
    "-Wl,--gc-sections",
    `-Wl,--version-script=${map}`,
    "-Wl,-z,nodelete",
    ...strip,
    ...flags,
  ];
}

/** The import library that MinGW wants: it binds the names of Node-API to node.exe. */
async function importLibrary({ platform, dlltool }, folder) {
  if (platform !== "win32") return [];
  const { def_paths } = require("node-api-headers");
  const library = join(folder, "libnode_api.a");
  await tool(dlltool, ["-d", def_paths.node_api_def, "-l", library]);
  return [library];
}

/** Builds the addon, with further sources of a test where they are given, and returns its path. */
export async function buildAddon(config, output, tests = []) {
  const list = jobs(config, ["ops", "runtime", "binding", "../native/cpp/engine", "../native/cpp/binding", "native-test"]).filter(
    ({ source }) => !source.startsWith("native-test/") || tests.includes(source),
  );
  const objects = await compile(config, list);
  const folder = dirname(objects[0]);
  mkdirSync(dirname(output), { recursive: true });
  const libraries = await importLibrary(config, folder);
  // Renamed into place: a process that has the old addon loaded keeps it.
  const linked = join(dirname(output), `.${process.pid}.node`);
  await tool(config.cxx, [...objects, ...linkFlags(config, folder), ...libraries, "-o", linked]);
  renameSync(linked, output);
  return output;
}

/** The native tests as a program; returns its path. */
export async function buildNativeTest(config) {
  const objects = await compile(config, jobs(config, ["ops", "runtime", "../native/cpp/engine", "native-test"]));
  const windows = config.platform === "win32";
  const name = `native-test.${hash(config.flags)}${windows ? ".exe" : ""}`;
  const program = join(dirname(objects[0]), name);
  const linking = [...config.flags, "-pthread", ...(windows ? ["-static"] : [])];
  await tool(config.cxx, [...objects, ...linking, "-o", program]);
  return program;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const started = performance.now();
    const config = configure();
    const output = await buildAddon(config, join(root, "prebuilds", config.tag, "driver_cpu.node"));
    if (config.tag === hostTag()) require(output);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${output}: ${Math.round(statSync(output).size / 1024)} KiB, ${seconds} s`);
  } catch (error) {
    console.error(`build of @ripvec/driver-cpu failed: ${error.message}`);
    process.exitCode = 1;
  }
}
