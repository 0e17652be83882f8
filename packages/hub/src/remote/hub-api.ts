import { isJsonObject } from "../model-files.js";
import { describeValue, UnexpectedAnswerError } from "./answer.js";
import { isCommit } from "./hub-settings.js";
import { splitCredentials } from "./public-url.js";

/** Where a hub says which commit a revision means. */
export function revisionUrl(endpoint: string, model: string, revision: string): string {
  return `${endpoint}/api/models/${model}/revision/${encodeURIComponent(revision)}`;
}

/** Where a hub lists the files of a commit; the first page of them. */
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
 * Long listings come in pages, each naming the next: `<https://…>; rel="next"`. A user and a password in it are left
 * out: fetch refuses such URLs in words that repeat them, and those of the endpoint are sent anyway.
 */
export function nextPage({ headers }: Response, url: string): string | undefined {
  const link = /<([^<>]+)>;\s*rel="next"/.exec(headers.get("Link") ?? "")?.[1];
  if (link === undefined) return undefined;
  if (URL.canParse(link, url)) return splitCredentials(new URL(link, url)).url.href;
  throw new UnexpectedAnswerError("the answer names a next page that is no URL");
}
