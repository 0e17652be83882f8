import type { DownloadFailure } from "../download-error.js";
import type { HubAccess, HubSettings } from "./hub-settings.js";
import { publicUrl } from "./public-url.js";
import { otherHost, roleOf } from "./redirected.js";
import { mayPass, requestedWaitMs, triesNote } from "./retry.js";

/** An answer that is a refusal, and the request. */
export interface Refused {
  readonly response: Response;
  readonly url: string;
  /** Undefined for questions about the model. */
  readonly file: string | undefined;
  /** Advice for the case that the hub does not answer. */
  readonly remedy: string;
  readonly tries: number;
}

/** The error for a hub's refusal. Only the public hub sends error codes. */
export function refusalOf(
  { response, url, file, remedy, tries }: Refused,
  model: string,
  { endpoint, revision, authorization }: HubSettings,
  { words, routeHint }: HubAccess,
): { failure: DownloadFailure; message: string } {
  const { status, headers } = response;
  const code = headers.get("X-Error-Code");
  if (code === "RevisionNotFound") {
    return { failure: "not-found", message: `has no revision "${revision}"` };
  }
  const storage = otherHost(response, url);
  if (code === null && file !== undefined && storage !== undefined && !mayPass(status)) {
    return storageRefusal(storage, status, file);
  }
  if (code === "GatedRepo" || status === 403) {
    return {
      failure: "access",
      message: `access is restricted. Accept its terms at ${endpoint}/${model} and set ${words.token} to a token that may read it`,
    };
  }
  if (status === 401 || (status === 404 && code !== "EntryNotFound" && file === undefined)) {
    // The hub answers 401 for a model that does not exist, so that private models stay secret.
    const given = authorization?.startsWith("Basic ")
      ? `the user and password in ${words.endpoint} may not read it`
      : `${words.token} ${authorization === undefined ? "is not set" : "may not read it"}`;
    return {
      failure: status === 401 ? "access" : "not-found",
      message: `there is no such model on ${endpoint}, or it is private and ${given}${words.alternative}`,
    };
  }
  if (status === 404) {
    return { failure: "not-found", message: "the hub lists the file but does not have it" };
  }
  const wait = Math.ceil(requestedWaitMs(response) / 1000);
  const asks = wait > 0 ? ` and asks to wait ${wait} s` : "";
  const [asked, answering] =
    storage === undefined ? [url, "the hub"] : [response.url, `${storage}, ${roleOf(file)},`];
  return {
    failure: "network",
    message: `${answering} answered ${status}${asks} for ${publicUrl(asked)}${triesNote(tries)}${routeHint(asked)}${remedy}`,
  };
}

/** A storage server knows nothing about models and tokens. */
function storageRefusal(
  host: string,
  status: number,
  file: string,
): { failure: DownloadFailure; message: string } {
  return {
    failure: status === 404 ? "not-found" : "network",
    message: `${host}, ${roleOf(file)}, answered ${status}${status === 403 ? " (the link may have expired)" : ""}`,
  };
}
