import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
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

/** A file is fresh if no file that it was made from is newer. The flags are part of its name. */
function isFresh(output) {
  const dependencies = dependenciesOf(output);
  if (!existsSync(output) || !existsSync(dependencies)) return false;
  const built = statSync(output).mtimeMs;
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

const dependenciesOf = (output) => output.replace(/\w+$/, "d");

/** Makes the stale ones of the outputs, with as many jobs at a time as there are cores. */
async function compileAll(target, jobs) {
  const stale = jobs.filter(({ output }) => !isFresh(output));
  const worker = async () => {
    for (let job = stale.shift(); job; job = stale.shift()) {
      // Renamed once it is whole, so that builds may be stopped and may overlap.
      const part = `${job.output}.${process.pid}`;
      const dependencies = ["-MMD", "-MF", dependenciesOf(job.output), "-MT", job.output];
      await tool(target.cxx, [...job.flags, ...dependencies, "-c", job.path, "-o", part]);
      renameSync(part, job.output);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/**
 * Precompiles the headers that jobs name, once for each set of flags, and returns the jobs with flags that use them. That
 * changes no object, and halves the time of every build. MinGW on Windows cannot always load what it precompiled.
 */
async function withHeaders(folder, target, jobs) {
  if (process.platform === "win32") return jobs;
  const headers = new Map();
  const changed = jobs.map((job) => {
    if (job.precompiled === undefined) return job;
    const path = join(folder, `precompiled.${hash([target.cxx, job.flags, job.precompiled])}.h`);
    const flags = [...job.flags, "-x", "c++-header"];
    headers.set(path, {
      path,
      flags,
      output: `${path}.gch`,
      text: `#include "${job.precompiled}"\n`,
    });
    return { ...job, flags: [...job.flags, "-include", path] };
  });
  for (const { path, text } of headers.values()) if (!existsSync(path)) writeFileSync(path, text);
  await compileAll(target, [...headers.values()]);
  return changed;
}

/** Compiles the stale objects, and returns the paths of all objects. */
export async function compile(driver, target, jobs) {
  const folder = buildFolder(driver, target);
  const all = jobs.map((job) => ({
    ...job,
    output: join(folder, `${job.name}.${hash([target.cxx, job.flags])}.o`),
  }));
  const stale = all.filter(({ output }) => !isFresh(output));
  await compileAll(target, await withHeaders(folder, target, stale));
  return all.map(({ output }) => output);
}
