import { InputError } from "@ripvec/core";
import { shownSetting, splitCredentials } from "./public-url.js";
import type { Fetch, RequestSettings } from "./timed-fetch.js";
import type { Timeouts } from "./timeouts.js";

/** What requests to the hub need to know. */
export interface HubSettings {
  /** Without user, password, and closing slash. */
  readonly endpoint: string;
  /** What the Authorization header says; sent to the endpoint's origin only. */
  readonly authorization: string | undefined;
  readonly revision: string;
  readonly timeouts: Timeouts;
  /** Whether the HTTP cache of a browser keeps answers. */
  readonly requestCache?: RequestSettings["cache"];
}

/** How the caller gives what messages ask for. */
export interface HubWords {
  /** "HF_TOKEN" */
  readonly token: string;
  /** "HF_ENDPOINT" */
  readonly endpoint: string;
  /** What else the id could have meant, to end a message: "; nor is there …". */
  readonly alternative: string;
}

/** What differs between Node and browsers. */
export interface HubAccess {
  readonly words: HubWords;
  readonly fetch: Fetch;
  /** Whether all headers of an answer can be seen. */
  seesHeaders(response: Response): boolean;
  /** What of the way to a server may be at fault, to end a message; "" where there is nothing to say. */
  wayTo(url: string): string;
}

const publicHub = "https://huggingface.co";

/** `saidBy`: the variable or option that holds the value. A user and a password in it take the token's place. */
export function readAccess(
  { endpoint, token }: { endpoint?: string | undefined; token?: string | undefined },
  saidBy: Pick<HubWords, "endpoint" | "token">,
): Pick<HubSettings, "endpoint" | "authorization"> {
  const { url, authorization } = splitCredentials(readEndpoint(endpoint, saidBy.endpoint));
  const ownToken = readToken(token, saidBy.token, url.hostname);
  const ofToken = ownToken === undefined ? undefined : `Bearer ${ownToken}`;
  // Without the "?" or "#" of an empty query or fragment.
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

/** Other hubs have tokens of their own form. The token is in no message. */
function readToken(
  value: string | undefined,
  saidBy: string,
  hostname: string,
): string | undefined {
  const token = value?.trim();
  if (!token) return undefined;
  if (hostname === new URL(publicHub).hostname && !/^hf_[\w-]+$/.test(token)) {
    throw new InputError(
      `${saidBy} must be a Hugging Face access token, which starts with "hf_" and has letters, digits, "_" and "-" alone`,
    );
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new InputError(
    `${saidBy} must be an access token, without blanks, control characters or letters beyond ASCII`,
  );
}

export function readRevision(revision = "main"): string {
  // Branch and tag names as git allows them, without what a URL or a file name could misread.
  if (/^[A-Za-z0-9_][\w.+/-]{0,200}$/.test(revision) && !/\.\.|\/\/|\/$/.test(revision)) {
    return revision;
  }
  throw new InputError(`revision ${JSON.stringify(revision)} is not a branch, tag or commit`);
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}
