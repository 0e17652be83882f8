import { clock } from "../../../../packages/hub/src/remote/clock.js";
import { HubClient } from "../../../../packages/hub/src/remote/hub-client.js";
import {
  type Listing,
  parseListing,
  serializeListing,
} from "../../../../packages/hub/src/remote/listing.js";
import { defaultTimeouts } from "../../../../packages/hub/src/remote/timeouts.js";
import { invariant, type Target } from "../target.js";

/** Responses of a hub: the first to the request for a commit, the others to those for its files. */
interface Answer {
  readonly status?: number;
  readonly link?: unknown;
  readonly retryAfter?: unknown;
  readonly errorCode?: unknown;
  readonly errorMessage?: unknown;
  readonly location?: unknown;
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
}

const endpoint = "https://hub.example";
const commit = "0123456789abcdef0123456789abcdef01234567";
const secret = "hf_secret";
/** Up to four tries for the commit and for each page of a listing, which has at most as many pages as responses. */
const requestsPerAnswer = 6;

/** The responses of a hub about a model, and the list of its files in the cache. */
export const listing: Target = {
  name: "listing",
  kind: "json",
  async run(input) {
    const answers = readAnswers(input);
    if (!answers) return;
    const parsed = parseListing(bodyOf(answers[0]));
    if (parsed) checkListing(parsed);
    try {
      await ask(answers);
    } catch (error) {
      invariant(!String(error).includes(secret), "the token is in a message");
      throw error;
    }
  },
};

async function ask(answers: readonly (Answer | undefined)[]): Promise<void> {
  let requests = 0;
  // Retries do not wait for real time.
  clock.pause = async () => undefined;
  const settings = {
    endpoint,
    authorization: `Bearer ${secret}`,
    revision: "main",
    timeouts: defaultTimeouts,
  };
  const client = new HubClient("a/b", settings, undefined, {
    words: { token: "HF_TOKEN", endpoint: "HF_ENDPOINT", alternative: "" },
    seesHeaders: () => true,
    routeHint: () => "",
    fetch: async (url) => {
      requests += 1;
      invariant(requests <= requestsPerAnswer * answers.length, "requests have no end");
      invariant(new URL(url).origin === endpoint, "the token goes to another server");
      return responseOf(answers[Math.min(requests, answers.length) - 1]);
    },
  });
  await client.resolveCommit("");
  checkListing(await client.listFiles(commit));
}

/** Paths must stay inside the model, and the cache must return what was written to it. */
function checkListing(files: Listing): void {
  for (const path of files.keys()) {
    invariant(!path.split("/").includes(".."), "a path leaves the model");
    invariant(!path.startsWith("/") && !path.includes("\\"), "a path leaves the model");
  }
  const again = parseListing(serializeListing(files));
  invariant(again?.size === files.size, "the cache loses a file");
}

function readAnswers(input: Uint8Array): readonly (Answer | undefined)[] | undefined {
  try {
    const answers: unknown = JSON.parse(Buffer.from(input).toString());
    if (!Array.isArray(answers) || answers.length === 0) return undefined;
    return answers.map((answer) => (typeof answer === "object" && answer !== null ? answer : {}));
  } catch {
    return undefined;
  }
}

function bodyOf(answer: Answer | undefined): string {
  const body = answer?.body;
  if (typeof body === "string") return body;
  try {
    return JSON.stringify(body) ?? "";
  } catch {
    // Nested too deeply to be written.
    return "[".repeat(20_000);
  }
}

function responseOf(answer: Answer | undefined): Response {
  const asked = Number(answer?.status);
  const status = asked >= 200 && asked <= 599 ? Math.floor(asked) : 200;
  const headers = new Headers({ "Content-Type": "application/json" });
  for (const [name, value] of [
    ["Link", answer?.link],
    ["Retry-After", answer?.retryAfter],
    ["X-Error-Code", answer?.errorCode],
    ["X-Error-Message", answer?.errorMessage],
    ["Location", answer?.location],
  ] as const) {
    if (typeof value === "string") trySet(headers, name, value);
  }
  const hasBody = ![204, 205, 304].includes(status);
  return new Response(hasBody ? bodyOf(answer) : null, { status, headers });
}

/** Removes headers that no server can send. */
function trySet(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    // Not a valid header.
  }
}
