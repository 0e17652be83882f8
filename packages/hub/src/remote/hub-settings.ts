import { InputError } from "@ripvec/core";
import { shownSetting, splitCredentials } from "./public-url.js";
import type { Fetch, RequestSettings } from "./timed-fetch.js";
import type { Timeouts } from "./timeouts.js";

/** The settings of requests to the hub. */
export interface HubSettings {
  /** The URL without user, password and final slash. */
  readonly endpoint: string;
  /** Value of the Authorization header; it is sent to the endpoint's origin only. */
  readonly authorization: string | undefined;
  readonly revision: string;
  readonly timeouts: Timeouts;
  /** Whether a browser's HTTP cache may keep answers. */
  readonly requestCache?: RequestSettings["cache"];
}

/** The option or variable by which the caller sets what a message recommends. */
export interface HubWords {
  /** "HF_TOKEN" */
  readonly token: string;
  /** "HF_ENDPOINT" */
  readonly endpoint: string;
  /** Another thing that the id could have meant; it ends a message: "; nor is there …". */
  readonly alternative: string;
}

/** The differences between Node and browsers. */
export interface HubAccess {
  readonly words: HubWords;
  readonly fetch: Fetch;
  /** Whether all headers of an answer are visible. */
  seesHeaders(response: Response): boolean;
  /** A possible cause on the way to a server, to end a message; "" when there is none to name. */
  routeHint(url: string): string;
}

const publicHub = "https://huggingface.co";

/**
 * `saidBy`: the variable or option that holds the value. A user and a password in it replace the
 * token.
 */
export function readAccess(
  { endpoint, token }: { endpoint?: string | undefined; token?: string | undefined },
  saidBy: Pick<HubWords, "endpoint" | "token">,
): Pick<HubSettings, "endpoint" | "authorization"> {
  const { url, authorization } = splitCredentials(readEndpoint(endpoint, saidBy.endpoint));
  const ownToken = readToken(token, saidBy.token, url.hostname);
  const ofToken = ownToken === undefined ? undefined : `Bearer ${ownToken}`;
  // The URL without the "?" or "#" of an empty query or fragment.
  const bare = `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  return { endpoint: bare, authorization: authorization ?? ofToken };
}

function readEndpoint(value: string | undefined, saidBy: string): URL {
  const text = value?.trim() || publicHub;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "") return url;
  throw new InputError(
    `${saidBy} must be an http or https URL without a query, such as ${publicHub}${shownSetting(text)}`,
  );
}

/** Other hubs have their own form of tokens. The token must not appear in a message. */
function readToken(
  value: string | undefined,
  saidBy: string,
  hostname: string,
): string | undefined {
  const token = value?.trim();
  if (!token) return undefined;
  if (hostname === new URL(publicHub).hostname && !/^hf_[\w-]+$/.test(token)) {
    throw new InputError(
      `${saidBy} must be a Hugging Face access token, which starts with "hf_" and consists of letters, digits, "_" and "-"`,
    );
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new InputError(
    `${saidBy} must be an access token without blanks, control characters and non-ASCII characters`,
  );
}

export function readRevision(revision = "main"): string {
  // Branch and tag names that git allows, without characters that have a meaning in URLs or file
  // names.
  if (/^[A-Za-z0-9_][\w.+/-]{0,200}$/.test(revision) && !/\.\.|\/\/|\/$/.test(revision)) {
    return revision;
  }
  throw new InputError(`revision ${JSON.stringify(revision)} is not a branch, tag or commit`);
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
