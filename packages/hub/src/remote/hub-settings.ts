import type { ListFileEntry } from "@huggingface/hub";
import { InputError } from "@ripvec/core";
import type { RequestSettings } from "./request.js";

/** What requests to the hub need to know. */
export interface HubSettings {
  /** Without a closing slash. */
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly revision: string;
  /** Whether the HTTP cache of a browser keeps answers. */
  readonly requestCache?: RequestSettings["cache"];
}

/** How the caller gives what messages ask for. */
export interface HubWords {
  /** "HF_TOKEN" */
  readonly token: string;
  /** What else the id could have meant, to end a message: "; nor is there …". */
  readonly alternative: string;
}

/** What of the hub's interface is asked, as `@huggingface/hub` has it. */
export interface HubApi {
  modelInfo(
    request: HubRequest & { readonly name: string; readonly additionalFields: ["sha"] },
  ): Promise<{ readonly sha?: unknown }>;
  listFiles(
    request: HubRequest & {
      readonly repo: { readonly type: "model"; readonly name: string };
      readonly recursive: true;
    },
  ): AsyncIterable<ListFileEntry>;
}

export interface HubRequest {
  readonly hubUrl: string;
  readonly revision: string;
  readonly accessToken?: string;
  /** Rejects unless the answer is good. */
  readonly fetch: typeof fetch;
}

/** What differs between Node and browsers. */
export interface HubAccess {
  readonly words: HubWords;
  /** Loaded when a download needs it. */
  loadApi(): Promise<HubApi>;
}

/** `saidBy`: the variable or option that holds it. */
export function readEndpoint(value: string | undefined, saidBy: string): string {
  if (!value) return "https://huggingface.co";
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) {
    return value.replace(/\/+$/, "");
  }
  throw new InputError(`${saidBy} must be an http or https URL, got ${JSON.stringify(value)}`);
}

export function readToken(value: string | undefined, saidBy: string): string | undefined {
  const token = value?.trim();
  if (!token) return undefined;
  if (/^hf_[\w-]+$/.test(token)) return token;
  throw new InputError(`${saidBy} must be a Hugging Face access token, which starts with "hf_"`);
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
