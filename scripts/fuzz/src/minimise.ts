/** Makes an input shorter as long as `fails` stays true. Tries at most `tries` times. */
export async function minimise(
  input: Uint8Array,
  fails: (bytes: Uint8Array) => Promise<boolean>,
  tries = 400,
): Promise<Uint8Array> {
  let best = input;
  let left = tries;
  for (let size = best.length >> 1; size >= 1 && left > 0; size >>= 1) {
    for (let at = 0; at < best.length && left > 0; ) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      left -= 1;
      if (await fails(shorter)) best = shorter;
      else at += size;
    }
  }
  return best;
}

/** The same for JSON: removes one value after the other, the largest first. */
export async function minimiseJson(
  input: Uint8Array,
  fails: (bytes: Uint8Array) => Promise<boolean>,
  tries = 400,
): Promise<Uint8Array> {
  let best = input;
  let left = tries;
  for (let place = 0; left > 0; ) {
    const shorter = withoutValue(best, place);
    if (shorter === undefined) break;
    left -= 1;
    if (await fails(shorter)) best = shorter;
    else place += 1;
  }
  return best;
}

/** The document without its value number `place`, where outer values come before inner ones; undefined when it has fewer. */
function withoutValue(bytes: Uint8Array, place: number): Uint8Array | undefined {
  try {
    const root: unknown = JSON.parse(Buffer.from(bytes).toString());
    const holders: unknown[] = [root];
    let count = place;
    for (const holder of holders) {
      if (typeof holder !== "object" || holder === null) continue;
      const keys = Object.keys(holder);
      const key = keys[count];
      if (key !== undefined) {
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else Reflect.deleteProperty(holder, key);
        return Buffer.from(JSON.stringify(root));
      }
      count -= keys.length;
      holders.push(...Object.values(holder));
    }
  } catch {
    // Not a document, or one too deep to be written.
  }
  return undefined;
}
