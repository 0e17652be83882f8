/** What a test can ask its runner for while it runs: `this` of mocha, the argument of vitest and node:test. */
interface Context {
  readonly skip?: unknown;
  readonly timeout?: unknown;
}

/** How a test that runs can be skipped. */
export interface RunningTest {
  readonly name: string;
  readonly contexts: readonly unknown[];
  /** Told of the skip, in place of a runner that cannot skip. */
  readonly skip?: ((name: string, reason: string) => void) | undefined;
}

/**
 * The body of a test for any runner, with a time limit in milliseconds. Vitest, jest and bun:test take the limit when
 * the test is registered; mocha takes it from the test, and the others have none. The `length` of the body is 0, because
 * jest and mocha would wait for a callback if it declared a parameter.
 */
export function bodyFor(
  run: (contexts: readonly unknown[]) => Promise<void>,
  limitMs: number,
): () => Promise<void> {
  return async function (this: unknown, ...[context]: readonly unknown[]): Promise<void> {
    const contexts = [this, context];
    callOf(contexts, "timeout", limitMs);
    await run(contexts);
  };
}

/** Skips a test that runs. Throws TypeError with `remedy` if its runner cannot do so, so that it never counts as passed. */
export function skipRunning(
  { name, contexts, skip }: RunningTest,
  reason: string,
  remedy: string,
): void {
  skip?.(name, reason);
  if (callOf(contexts, "skip", reason) || skip) return;
  throw new TypeError(
    `must be skipped (${reason}), which this runner cannot do while a test runs: ${remedy}`,
  );
}

/** Calls a method of the first context that has it. Returns whether there was one. */
function callOf(contexts: readonly unknown[], name: keyof Context, argument: unknown): boolean {
  for (const context of contexts) {
    const method = ((context ?? {}) as Context)[name];
    if (typeof method !== "function") continue;
    method.call(context, argument);
    return true;
  }
  return false;
}
