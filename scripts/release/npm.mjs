import { execFile } from "node:child_process";
import { setTimeout } from "node:timers/promises";

/** Runs npm with the user's own configuration. Resolves with its output; throws an error that contains the output if npm fails. */
export function npm(args) {
  const shell = process.platform === "win32";
  return new Promise((resolve, reject) => {
    execFile("npm", args, { shell, timeout: 300_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`npm ${args[0]} failed: ${stderr || stdout || error.message}`));
      else resolve(stdout.trim());
    });
  });
}

async function fetchDocument(url) {
  const headers = { accept: "application/vnd.npm.install-v1+json", "cache-control": "no-cache" };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
  if (response.status === 404) return { versions: {} };
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

/**
 * The versions of a package that a registry has: an object from the version to its document, empty if the registry does not know the
 * package. Throws if the registry does not answer, after three attempts.
 */
async function versionsOf(registry, name, attempts = 3) {
  const url = new URL(name.replace("/", "%2f"), `${registry.replace(/\/$/, "")}/`);
  try {
    return (await fetchDocument(url)).versions;
  } catch (error) {
    if (attempts > 1) {
      await setTimeout(attempts === 3 ? 1000 : 4000);
      return versionsOf(registry, name, attempts - 1);
    }
    throw new Error(`${url} did not answer: ${error.cause?.message ?? error.message}`);
  }
}

async function download(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/**
 * Opens a registry, npm's own by default: `{ url, versionsOf(name), tarballOf(name, version) }`. It asks for the versions of each
 * package once. `tarballOf` resolves with the bytes of a version that the registry has.
 */
export async function openRegistry(url) {
  const registry = url ?? (await npm(["config", "get", "registry"]));
  if (!URL.canParse(registry)) throw new Error(`the registry "${registry}" is no URL`);
  const asked = new Map();
  const versions = (name) => {
    if (!asked.has(name)) asked.set(name, versionsOf(registry, name));
    return asked.get(name);
  };
  return {
    url: registry,
    versionsOf: versions,
    tarballOf: async (name, version) => download((await versions(name))[version].dist.tarball),
  };
}
