/** What a test can ask its runner for while it runs: `this` of mocha, the argument of vitest and node:test. */
interface Context {
  readonly skip?: unknown;
  readonly timeout?: unknown;
}

/** Calls the `skip` function of the first context that has one. Returns whether there was one. */
export function skipInRunner(contexts: readonly unknown[], reason: string): boolean {
  return callOf(contexts, "skip", reason);
}

/** Sets the time limit of the test in a runner that takes it from the test itself, which is mocha. */
export function limitInRunner(contexts: readonly unknown[], timeoutMs: number): void {
  callOf(contexts, "timeout", timeoutMs);
}

function callOf(contexts: readonly unknown[], name: keyof Context, argument: unknown): boolean {
  for (const context of contexts) {
    const method = ((context ?? {}) as Context)[name];
    if (typeof method !== "function") continue;
    method.call(context, argument);
    return true;
  }
  return false;
}
