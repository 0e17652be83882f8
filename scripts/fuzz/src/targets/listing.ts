import { hubAccess } from "../../../../packages/hub/src/node/remote/settings.js";
import { HubClient } from "../../../../packages/hub/src/remote/hub-client.js";
import {
  type Listing,
  parseListing,
  serializeListing,
} from "../../../../packages/hub/src/remote/listing.js";
import { invariant, type Target } from "../target.js";

/** Answers of a hub: the first to the question for a commit, the others to those for its files. */
interface Answer {
  readonly status?: number;
  readonly link?: string;
  /** A text is sent as it is, any other value as JSON. */
  readonly body?: unknown;
}

const endpoint = "https://hub.example";
const commit = "0123456789abcdef0123456789abcdef01234567";
/** Statuses after which a request is made again would make the case wait. */
const statuses = new Set([200, 204, 206, 301, 400, 401, 403, 404, 410, 416]);
const maxRequests = 100;

/** What a hub says of a model, and the list of files that the cache keeps of it. */
export const listing: Target = {
  name: "listing",
  kind: "json",
  async run(input) {
    const answers = readAnswers(input);
    if (!answers) return;
    const parsed = parseListing(bodyOf(answers[0]));
    if (parsed) checkListing(parsed);
    const ownFetch = globalThis.fetch;
    let requests = 0;
    globalThis.fetch = async () => {
      invariant(++requests <= maxRequests, "requests have no end");
      return responseOf(answers[Math.min(requests, answers.length) - 1]);
    };
    try {
      await ask();
    } finally {
      globalThis.fetch = ownFetch;
    }
  },
};

async function ask(): Promise<void> {
  const settings = { endpoint, token: undefined, revision: "main" };
  const client = new HubClient("a/b", settings, undefined, hubAccess);
  await client.resolveCommit("");
  checkListing(await client.listFiles(commit));
}

/** Paths stay inside of the model, and the cache gives back what was written to it. */
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
  return typeof body === "string" ? body : (JSON.stringify(body) ?? "");
}

function responseOf(answer: Answer | undefined): Response {
  const status = statuses.has(Number(answer?.status)) ? Number(answer?.status) : 200;
  const headers = new Headers({ "Content-Type": "application/json" });
  if (typeof answer?.link === "string") trySet(headers, "Link", answer.link);
  return new Response(status === 204 ? null : bodyOf(answer), { status, headers });
}

/** No server can send a header that is none. */
function trySet(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    // Left out.
  }
}
