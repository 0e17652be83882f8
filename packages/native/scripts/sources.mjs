import { readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { intrinsics, setsOf } from "./instruction-sets.mjs";

const cpp = fileURLToPath(new URL("../cpp", import.meta.url));

/** The C++ of this package, which every addon compiles in: folders of `cpp`. Those of `binding` use Node-API. */
const sharedFolders = readdirSync(cpp, { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);

const ccFiles = (folder) => readdirSync(folder).filter((name) => name.endsWith(".cc"));

/** The sources of the driver in `folders`, and those that every driver has. */
export function sourcesOf(driver, folders, { binding }) {
  const own = folders
    .filter((folder) => binding || !driver.binding.includes(folder))
    .flatMap((folder) =>
      ccFiles(join(driver.root, folder)).map((file) => ({
        name: posix.join(folder, file),
        path: join(driver.root, folder, file),
        usesNode: driver.binding.includes(folder),
      })),
    );
  const shared = sharedFolders
    .filter(({ name }) => binding || name !== "binding")
    .flatMap(({ name: folder }) =>
      ccFiles(join(cpp, folder)).map((file) => ({
        name: posix.join("native", folder, file),
        path: join(cpp, folder, file),
        usesNode: folder === "binding",
      })),
    );
  return [...shared, ...own];
}

/** Headers of Node-API, from the devDependencies of the driver's package. */
function nodeFlags({ require, addon }) {
  const headers = [
    dirname(require.resolve("node-addon-api/package.json")),
    join(dirname(require.resolve("node-api-headers/package.json")), "include"),
  ];
  return [
    ...headers.flatMap((path) => ["-isystem", path]),
    "-DNAPI_VERSION=8",
    // Every C++ exception becomes a JavaScript exception, because an exception of any other kind
    // would end the process.
    "-DNODE_ADDON_API_CPP_EXCEPTIONS",
    "-DNODE_ADDON_API_CPP_EXCEPTIONS_ALL",
    // An exception in an environment that is being stopped is dropped; otherwise it would end the
    // process.
    "-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
    `-DNODE_GYP_MODULE_NAME=${addon}`,
  ];
}

function commonFlags(driver, { platform }) {
  return [
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
    // The shared headers come first: a driver's header of the same name must not take the place of one of them.
    `-I${cpp}`,
    `-I${driver.root}`,
  ];
}

/**
 * One job for each object: its source, its name and its flags. `precompiled` is the header that takes most of the time to
 * compile it, if there is one.
 */
export function jobsOf(driver, target, sources) {
  const common = commonFlags(driver, target);
  const sets = setsOf(driver, target);
  return sources.flatMap(({ name, path, usesNode }) => {
    const object = name.replaceAll("/", "_").replace(/\.cc$/, "");
    const variant = driver.variants.find(({ sources: each }) =>
      each.some((entry) => entry === name || entry === posix.dirname(name)),
    );
    if (!variant) {
      const table = name === driver.kernelTable ? sets.map(hasSet) : [];
      const flags = [...common, ...table, ...(usesNode ? nodeFlags(driver) : []), ...target.flags];
      return [{ path, name: object, flags, precompiled: usesNode ? "napi.h" : undefined }];
    }
    return sets
      .filter(([set]) => variant.sets.includes(set))
      .map(([set, extra]) => ({
        path,
        name: `${object}.${set}`,
        flags: [...common, "-fno-trapping-math", `-DRIPVEC_ISA=${set}`, ...extra, ...target.flags],
        precompiled: set === "portable" ? undefined : intrinsics[target.arch],
      }));
  });
}

/** The macro that tells the table of kernels that the build holds the set. */
const hasSet = ([set]) => `-DRIPVEC_HAS_${set.toUpperCase()}`;
