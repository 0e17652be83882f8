import { isJsonObject } from "../model-files.js";
import { describeValue, UnexpectedAnswerError } from "./answer.js";
import { isCommit } from "./hub-settings.js";
import { splitCredentials } from "./public-url.js";

/** The URL at which a hub resolves a revision to a commit. */
export function revisionUrl(endpoint: string, model: string, revision: string): string {
  return `${endpoint}/api/models/${model}/revision/${encodeURIComponent(revision)}`;
}

/** The URL of the first page of a commit's file list. */
export function treeUrl(endpoint: string, model: string, commit: string): string {
  return `${endpoint}/api/models/${model}/tree/${commit}?recursive=true`;
}

/** The commit in the answer about a revision. Throws UnexpectedAnswerError. */
export function commitOf(answer: unknown): string {
  const sha = isJsonObject(answer) ? answer.sha : undefined;
  if (typeof sha === "string" && isCommit(sha)) return sha;
  const found = isJsonObject(answer)
    ? `names ${sha === undefined ? "no commit" : `the commit ${describeValue(sha)}`}`
    : `is ${describeValue(answer)}`;
  throw new UnexpectedAnswerError(`the answer ${found}`);
}

/** The entries on one page of a listing. Throws UnexpectedAnswerError. */
export function entriesOf(answer: unknown): Record<string, unknown>[] {
  if (!Array.isArray(answer)) {
    throw new UnexpectedAnswerError(`the answer is ${describeValue(answer)} instead of a list`);
  }
  return answer.map((entry: unknown, i) => {
    if (isJsonObject(entry)) return entry as Record<string, unknown>;
    throw new UnexpectedAnswerError(`entry ${i} of the answer is ${describeValue(entry)}`);
  });
}

/**
 * The URL of the next page: long listings come in pages, each of which names the next in a header:
 * `<https://…>; rel="next"`. A user and a password in it are removed: fetch refuses such URLs with
 * a message that repeats them, and the endpoint's own are sent anyway.
 */
export function nextPage({ headers }: Response, url: string): string | undefined {
  const link = /<([^<>]+)>;\s*rel="next"/.exec(headers.get("Link") ?? "")?.[1];
  if (link === undefined) return undefined;
  if (URL.canParse(link, url)) return splitCredentials(new URL(link, url)).url.href;
  throw new UnexpectedAnswerError("the answer names a next page whose address is not a URL");
}
