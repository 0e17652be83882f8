import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setsOf } from "../../packages/native/scripts/instruction-sets.mjs";
import { platformTag } from "../../packages/native/scripts/platform-tag.mjs";
import { binaryTarget } from "./binary.mjs";
import { isWhole } from "./binary-end.mjs";

const checker = fileURLToPath(
  new URL("../../packages/native/scripts/ripvec-native.mjs", import.meta.url),
);

/** Runs Node in the driver's folder. Resolves with what it wrote to standard error if it failed, and with "" otherwise. */
function failureOf(args, cwd) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, timeout: 60_000 }, (error, _stdout, stderr) =>
      resolve(error ? stderr.trim() || error.message : ""),
    );
  });
}

/** Calls `use` with the path of a temporary file of an addon, in a folder that has the name of its platform. */
async function withFile({ tag, name, bytes }, use) {
  const scratch = await mkdtemp(join(tmpdir(), "ripvec-addon-"));
  try {
    const file = join(scratch, tag, name);
    await mkdir(dirname(file));
    await writeFile(file, bytes);
    return await use(file);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The lines in which `ripvec-native check-abi` says what is wrong. */
async function abiProblems(file, driverFolder, glibc) {
  const failure = await failureOf([checker, "check-abi", file, glibc], driverFolder);
  return failure.replaceAll(`${file}: `, "").split("\n").filter(Boolean);
}

async function loadProblems(file, driverFolder) {
  const failure = await failureOf(["-e", `require(${JSON.stringify(file)}).ops()`], driverFolder);
  return failure ? [`cannot be loaded: ${failure}`] : [];
}

const foreignLibraries = ["libstdc++-6.dll", "libgcc_s", "libwinpthread"];

/** The instruction sets that an addon says it holds. The text is in kernel_table.cc. */
const setsIn = (bytes) =>
  /ripvec instruction sets:((?: \w+)*)/.exec(bytes.toString("latin1"))?.[1].trim().split(" ") ?? [];

/** What is wrong in the bytes of an addon for the right platform. `variants` are those of the driver's manifest. */
function byteProblems(bytes, tag, variants) {
  const [platform, arch] = tag.split("-");
  const held = setsIn(bytes);
  const missing = setsOf({ variants }, { arch })
    .map(([set]) => set)
    .filter((set) => !held.includes(set));
  const libraries = foreignLibraries.filter((library) => bytes.includes(library));
  return [
    !isWhole(bytes, platform) && "is cut off",
    !bytes.includes("napi_register_module_v1") && "does not export napi_register_module_v1",
    missing.length > 0 && `lacks the instruction sets ${missing.join(", ")}`,
    ...(platform === "win32" ? libraries.map((library) => `needs ${library}`) : []),
  ].filter(Boolean);
}

/**
 * Checks the addon in the tarball of one platform: its processor, that it is whole, its entry point and instruction sets, and on
 * Linux the system libraries that it needs. With `load`, an addon for this machine is loaded.
 */
export async function checkAddon({ tarball, tag, driverFolder, variants = [], glibc, load }) {
  const { name, main } = tarball.manifest;
  const bytes = tarball.files.get(main);
  if (!bytes || bytes.length === 0) return [`${name} has no addon ${main}`];
  const target = binaryTarget(bytes);
  const expected = tag.replace(/-musl$/, "");
  if (target !== expected)
    return [`${name}: ${main} must be for ${expected}, and is for ${target}`];
  const problems = byteProblems(bytes, tag, variants);
  if (problems.length === 0)
    await withFile({ tag, name: main, bytes }, async (file) => {
      if (tag.startsWith("linux-"))
        problems.push(...(await abiProblems(file, driverFolder, glibc)));
      if (load && tag === platformTag()) problems.push(...(await loadProblems(file, driverFolder)));
    });
  return problems.map((problem) => `${name}: ${main} ${problem}`);
}
