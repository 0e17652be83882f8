/**
 * The value of an environment variable; undefined if it is not set, or empty, or if this process may not read it (Deno
 * without `--allow-env`).
 */
export function environmentVariable(name: string): string | undefined {
  try {
    return process.env[name] || undefined;
  } catch {
    return undefined;
  }
}
