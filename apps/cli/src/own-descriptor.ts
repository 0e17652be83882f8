import { readdir, readFile, readlink } from "node:fs/promises";

/** Paths that name descriptors of this process. */
const descriptorName = /^\/(?:dev\/fd|proc\/(?:self|thread-self)\/fd)\/(\d+)$/;

/**
 * Throws an error with code ENXIO for the path of a pipe whose writer is this process, such as the
 * pipe by which Node passes on signals: reading it would take Node's data, and wait forever.
 * Systems without /proc do not show this.
 */
export async function refuseOwnPipe(path: string | Buffer): Promise<void> {
  const [, fd] = descriptorName.exec(String(path)) ?? [];
  const pipe = fd === undefined ? undefined : await targetOf(fd);
  if (!pipe?.startsWith("pipe:")) return;
  const names = await readdir("/proc/self/fd").catch(() => []);
  for (const name of names) {
    if ((await targetOf(name)) !== pipe || !(await isWritable(name))) continue;
    throw Object.assign(new Error(`${path} belongs to the process itself`), { code: "ENXIO" });
  }
}

function targetOf(fd: string): Promise<string | undefined> {
  return readlink(`/proc/self/fd/${fd}`).catch(() => undefined);
}

async function isWritable(fd: string): Promise<boolean> {
  const facts = await readFile(`/proc/self/fdinfo/${fd}`, "latin1").catch(() => "");
  const flags = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(facts)?.[1] ?? "0", 8);
  return (flags & 0o3) !== 0;
}
