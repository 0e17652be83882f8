import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CreateError } from "./create-error.js";
import { type ProjectNames, projectNames } from "./project-names.js";
import { type Template, withNames } from "./template.js";
import { usedNames } from "./used-names.js";

export interface CreateRequest {
  /**
   * What the user typed: a name, a package name with a scope, or the path of the folder to make, whose last part is
   * the name.
   */
  readonly typed: string;
  /** How the names of such packages start, such as `ripvec-driver-`. */
  readonly prefix: string;
  readonly template: Template;
  /** Where relative paths start. Default: the working directory. */
  readonly cwd?: string;
}

export interface CreatedProject {
  readonly names: ProjectNames;
  /** The absolute path of the new folder. */
  readonly folder: string;
}

/**
 * Makes a folder with the files of the template. The folder appears with all its files or not at all. Throws CreateError
 * for a name that is not valid, and for a folder that exists and is not empty.
 */
export async function createProject(request: CreateRequest): Promise<CreatedProject> {
  const isScoped = /^@[^/\\]+\/[^/\\]+$/.test(request.typed);
  const cwd = resolve(request.cwd ?? ".");
  const path = resolve(cwd, isScoped ? basename(request.typed) : request.typed);
  if (path === cwd) throw new CreateError("A name is missing: give the name of a new folder.");
  const names = projectNames(isScoped ? request.typed : basename(path), request.prefix);
  expectUnused(names, request.template);
  await expectFree(path);
  const parent = dirname(path);
  const madeParent = await mkdir(parent, { recursive: true }).catch(explainIn(parent));
  const draft = join(dirname(path), `.${basename(path)}-${randomUUID()}`);
  try {
    await writeFiles(draft, withNames(request.template, names));
    await moveTo(draft, path);
  } catch (error) {
    await rm(madeParent ?? draft, { recursive: true, force: true });
    return explainIn(parent)(error);
  }
  return { names, folder: path };
}

function expectUnused({ camelName, shortName }: ProjectNames, template: Template): void {
  if (!usedNames(template).has(camelName)) return;
  throw new CreateError(
    `The name ${JSON.stringify(shortName)} would call a function ${camelName}, which the code uses for something else. ` +
      `Use another name, such as my-${shortName}.`,
  );
}

/** Names the folder where the project would lie, rather than the draft. */
function explainIn(folder: string): (error: unknown) => never {
  return (error) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!["EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    throw new CreateError(`cannot write in ${folder}: permission denied (${code})`, {
      cause: error,
    });
  };
}

async function expectFree(path: string): Promise<void> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    if (error.code === "ENOTDIR") {
      const file = existsSync(path) ? path : dirname(path);
      throw new CreateError(`${file} is a file. Choose another name, or remove it.`);
    }
    throw error;
  });
  if (entries.length > 0) {
    throw new CreateError(
      `The folder ${path} exists and is not empty. Choose another name, or remove it.`,
    );
  }
}

async function writeFiles(folder: string, files: Template): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  }
}

/** Renames the draft. An empty folder in its place is removed first, since Windows does not rename onto a folder. */
async function moveTo(draft: string, path: string): Promise<void> {
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(draft, path);
}
