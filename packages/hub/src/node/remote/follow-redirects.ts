import { splitCredentials } from "../../remote/public-url.js";
import { RedirectedError, RefusedRedirectError } from "../../remote/redirected.js";
import { discard } from "../../remote/send.js";
import type { Fetch } from "../../remote/timed-fetch.js";

const redirectStatuses = [301, 302, 303, 307, 308];

/** The limit that fetch itself has. */
const maxRedirects = 20;

/**
 * A GET by fetch that follows redirects as fetch does, but rejects with a RedirectedError that says
 * at which server a redirected request failed. The Authorization header is sent to the first origin
 * only.
 */
export function followRedirects(fetchOnce: Fetch): Fetch {
  return async (start, { ...init }) => {
    let url = start;
    for (let followed = 0; ; followed += 1) {
      const response = await fetchOnce(url, { ...init, redirect: "manual" }).catch((cause) => {
        throw followed === 0 ? cause : new RedirectedError(url, cause);
      });
      const location = response.headers.get("Location");
      if (!redirectStatuses.includes(response.status) || location === null) return response;
      await discard(response);
      if (followed === maxRedirects) throw refused(url, "redirect count exceeded");
      const next = nextUrl(location, url);
      if (new URL(next).origin !== new URL(url).origin) init.headers = withoutAuthorization(init);
      url = next;
    }
  };
}

function nextUrl(location: string, url: string): string {
  const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
  if (next && /^https?:$/.test(next.protocol)) return splitCredentials(next).url.href;
  throw refused(url, "it redirects to an address that is not an http or https URL");
}

function refused(url: string, problem: string): RedirectedError {
  return new RedirectedError(url, new RefusedRedirectError(problem));
}

function withoutAuthorization({ headers }: RequestInit): Headers {
  const kept = new Headers(headers);
  kept.delete("Authorization");
  return kept;
}
