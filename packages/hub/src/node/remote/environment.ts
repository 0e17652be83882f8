import { InputError } from "@ripvec/core";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value of the first variable that is set. Surrounding blanks are removed, and a value of
 * blanks alone counts as not set.
 */
export function readVariable(
  env: Environment,
  ...names: readonly string[]
): { readonly name: string; readonly value: string } | undefined {
  for (const name of names) {
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}

/**
 * A variable as a truth value; undefined when it is not set. Throws InputError for a value that is
 * neither yes nor no.
 */
export function readSwitch(env: Environment, name: string): boolean | undefined {
  const value = readVariable(env, name)?.value;
  if (value === undefined) return undefined;
  if (/^(1|true|yes|y|on)$/i.test(value)) return true;
  if (/^(0|false|no|n|off)$/i.test(value)) return false;
  throw new InputError(`${name} must be 1 or 0, got ${JSON.stringify(value)}`);
}

/** A duration in seconds as ms; undefined when it is not set. Throws InputError. */
export function readSeconds(env: Environment, name: string): number | undefined {
  const value = readVariable(env, name)?.value;
  if (value === undefined) return undefined;
  if (/^\d{1,9}(\.\d{1,9})?$/.test(value)) return Number(value) * 1000;
  throw new InputError(`${name} must be a number of seconds, got ${JSON.stringify(value)}`);
}
