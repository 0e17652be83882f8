/** The names of a comma-separated list. Throws for an unknown name. */
export function named<Name extends string>(
  kind: string,
  names: string,
  known: readonly Name[],
): Name[] {
  return names.split(",").map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined)
      throw new Error(`no ${kind} ${name}: expected one of ${known.join(", ")}`);
    return found;
  });
}

/** Throws for a value that is not a whole number of at least 1. */
export function count(option: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`${option} must be a whole number of at least 1, got ${value}`);
}
