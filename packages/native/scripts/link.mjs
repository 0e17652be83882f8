import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildFolder, compile, hash, tool } from "./compile.mjs";
import { oldGlibc } from "./old-glibc.mjs";
import { jobsOf, sourcesOf } from "./sources.mjs";

/** Flags that make a shared object which exports its two entry points and nothing else. */
function addonFlags({ platform, flags }, folder) {
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
  // nodelete: the end of a worker must not unmap code through which a thread may still return.
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

/** The import library that MinGW needs: it binds the names of Node-API to node.exe. */
async function importLibrary({ require }, { platform, dlltool }, folder) {
  if (platform !== "win32") return [];
  const { def_paths } = require("node-api-headers");
  const library = join(folder, "libnode_api.a");
  await tool(dlltool, ["-d", def_paths.node_api_def, "-l", library]);
  return [library];
}

/**
 * Builds the addon at the path `output`, together with the sources `extra` (paths inside the package). With `target.isRelease`,
 * an addon for glibc runs with glibc 2.17 and newer. Returns `output`.
 */
export async function linkAddon(driver, target, output, extra = []) {
  const tests = extra.map((name) => ({ name, path: join(driver.root, name), usesNode: false }));
  const sources = [...sourcesOf(driver, driver.sources, { binding: true }), ...tests];
  const objects = await compile(driver, target, jobsOf(driver, target, sources));
  const folder = buildFolder(driver, target);
  const libraries = [
    ...(await importLibrary(driver, target, folder)),
    ...(target.isRelease ? await oldGlibc(driver, target) : []),
  ];
  const flags = addonFlags(target, folder);
  mkdirSync(dirname(output), { recursive: true });
  // Renamed into place, so that a process that has the old addon loaded keeps it.
  const linked = join(dirname(output), `.${process.pid}.node`);
  await tool(target.cxx, [...objects, ...flags, ...libraries, "-o", linked]);
  renameSync(linked, output);
  return output;
}

/**
 * Builds a program from the driver's sources that do not use Node-API, and from those sources in
 * `folder` that `includes` accepts. Returns its path.
 */
export async function linkProgram(driver, target, name, folder, includes = () => true) {
  const sources = sourcesOf(driver, [...driver.sources, folder], { binding: false }).filter(
    (source) => !source.name.startsWith(`${folder}/`) || includes(source.name),
  );
  const objects = await compile(driver, target, jobsOf(driver, target, sources));
  const isWindows = target.platform === "win32";
  const file = `${name}.${hash(target.flags)}${isWindows ? ".exe" : ""}`;
  const program = join(buildFolder(driver, target), file);
  const flags = [...target.flags, "-pthread", ...(isWindows ? ["-static"] : [])];
  await tool(target.cxx, [...objects, ...flags, "-o", program]);
  return program;
}
