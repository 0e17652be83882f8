/** The result of a test in the page. */
export type Outcome =
  | { readonly state: "passed" }
  | { readonly state: "skipped"; readonly reason: string }
  | {
      readonly state: "failed";
      readonly name: string;
      readonly message: string;
      readonly stack: string;
    };

/** What a bundle of tests provides as `globalThis.ripvecTests`, both in a page and in a worker. */
export interface PageTests {
  readonly names: readonly string[];
  run(name: string): Promise<Outcome>;
}

type Body = (context: { skip(reason: string): void }) => Promise<void>;
export type Register = (name: string, body: Body) => void;

/** Collects tests, which are then run one by one from outside. */
export function exposeTests(register: (test: Register) => void): void {
  const bodies = new Map<string, Body>();
  register((name, body) => {
    if (bodies.has(name)) throw new Error(`two tests are called ${name}`);
    bodies.set(name, body);
  });
  const tests: PageTests = {
    names: [...bodies.keys()],
    run: (name) => run(name, bodies.get(name)),
  };
  Object.assign(globalThis, { ripvecTests: tests });
}

async function run(name: string, body: Body | undefined): Promise<Outcome> {
  let reason: string | undefined;
  try {
    if (!body) throw new Error(`the page has no test ${name}`);
    await body({
      skip(text) {
        reason = text;
      },
    });
  } catch (error) {
    return failure(error);
  }
  return reason === undefined ? { state: "passed" } : { state: "skipped", reason };
}

function failure(error: unknown): Outcome {
  if (!(error instanceof Error)) {
    return { state: "failed", name: "Error", message: String(error), stack: "" };
  }
  const messages = [error.message];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    messages.push(`caused by ${cause.name}: ${cause.message}`);
  }
  return {
    state: "failed",
    name: error.name,
    message: messages.join("\n"),
    stack: error.stack ?? "",
  };
}
