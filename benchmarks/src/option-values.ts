/** The names of a list that is divided by commas. Throws for one that is not known. */
export function named<Name extends string>(
  kind: string,
  names: string,
  known: readonly Name[],
): Name[] {
  return names.split(",").map((name) => {
    const found = known.find((each) => each === name);
    if (found === undefined) throw new Error(`no ${kind} ${name}: there are ${known.join(", ")}`);
    return found;
  });
}

/** Throws for what is not a whole number from 1 up. */
export function count(option: string, value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`${option} must be a whole number from 1 up, got ${value}`);
}
