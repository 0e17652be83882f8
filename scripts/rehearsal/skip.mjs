/** Says why a scenario cannot run on this machine. It is then reported as skipped. */
export class Skip extends Error {}

export function skip(reason) {
  throw new Skip(reason);
}
