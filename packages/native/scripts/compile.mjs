import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs a tool of the compiler. A failure shows its output; if the tool is missing, the error says what to do. */
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

/** The folder for objects and programs of a target. */
export function buildFolder(driver, target) {
  const folder = join(driver.root, "build", target.tag);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export const hash = (value) =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 8);

/** An object is fresh if no file that it was made from is newer. The flags are part of its name. */
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
    .split(/(?<!\\)\s+/)
    .map((file) => file.replaceAll("\\ ", " "))
    .every((file) => existsSync(file) && statSync(file).mtimeMs <= built);
}

/**
 * Compiles the stale objects, with as many jobs at a time as there are cores, and returns the paths
 * of all objects.
 */
export async function compile(driver, target, jobs) {
  const folder = buildFolder(driver, target);
  const all = jobs.map((job) => ({
    ...job,
    object: join(folder, `${job.name}.${hash([target.cxx, job.flags])}.o`),
  }));
  const stale = all.filter(({ object }) => !isFresh(object));
  const worker = async () => {
    for (let job = stale.shift(); job; job = stale.shift()) {
      // Renamed once it is whole, so that builds may be stopped and may overlap.
      const part = `${job.object}.${process.pid}`;
      const dependencies = job.object.replace(/o$/, "d");
      const output = ["-MMD", "-MF", dependencies, "-MT", job.object, "-o", part];
      await tool(target.cxx, [...job.flags, "-c", job.path, ...output]);
      renameSync(part, job.object);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return all.map(({ object }) => object);
}
