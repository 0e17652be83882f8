import { execFile } from "node:child_process";

/** Runs npm with the user's own configuration. Resolves with `{ code, stdout, stderr }`. */
export function npm(args) {
  const shell = process.platform === "win32";
  return new Promise((resolve) => {
    execFile("npm", args, { shell, timeout: 300_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/**
 * The fields `names` of a package, as the registry has them: one object for each version that fits `spec`, and an empty list if none does.
 * Throws if the registry cannot be asked.
 */
export async function view(spec, names, { registry } = {}) {
  const target = registry ? ["--registry", registry] : [];
  const result = await npm(["view", spec, "name", ...names, "--json", ...target]);
  if (result.code !== 0) {
    if (/E404/.test(result.stdout + result.stderr)) return [];
    throw new Error(`npm view ${spec} failed: ${result.stderr || result.stdout}`);
  }
  const found = result.stdout.trim() === "" ? [] : JSON.parse(result.stdout);
  return Array.isArray(found) ? found : [found];
}
