import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { binaryTarget } from "./binary.mjs";

const checker = fileURLToPath(
  new URL("../../packages/native/scripts/ripvec-native.mjs", import.meta.url),
);

/** Runs `ripvec-native check-abi` on the bytes of an addon. Resolves with the lines that say what is wrong. */
async function abiProblems(driverFolder, { tag, name, bytes, glibc }) {
  const scratch = await mkdtemp(join(tmpdir(), "ripvec-abi-"));
  try {
    const file = join(scratch, tag, name);
    await mkdir(dirname(file));
    await writeFile(file, bytes);
    const args = [checker, "check-abi", file, glibc];
    const { failed, stderr } = await new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: driverFolder }, (error, _stdout, output) =>
        resolve({ failed: error !== null, stderr: output }),
      );
    });
    return failed ? stderr.trim().replaceAll(`${file}: `, "").split("\n") : [];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Checks the addon in the tarball of one platform: its processor, and on Linux the system libraries that it needs. */
export async function checkAddon({ tarball, tag, driverFolder, glibc }) {
  const { name, main } = tarball.manifest;
  const bytes = tarball.files.get(main);
  if (!bytes || bytes.length === 0) return [`${name} has no addon ${main}`];
  const target = binaryTarget(bytes);
  const expected = tag.replace(/-musl$/, "");
  if (target !== expected)
    return [`${name}: ${main} must be for ${expected}, and is for ${target}`];
  if (!tag.startsWith("linux-")) return [];
  const problems = await abiProblems(driverFolder, { tag, name: main, bytes, glibc });
  return problems.map((problem) => `${name}: ${main} ${problem}`);
}
