import type { ProxyAgent } from "undici";
import type { HubAccess, HubWords } from "../../remote/hub-settings.js";
import { reasonOf } from "../../remote/send.js";
import type { Fetch } from "../../remote/timed-fetch.js";
import { followRedirects } from "./follow-redirects.js";
import { type NamedProxy, type Proxies, proxyFor } from "./proxies.js";

export const nodeWords: HubWords = {
  token: "HF_TOKEN",
  endpoint: "HF_ENDPOINT",
  alternative: "; nor is there a local directory of that name",
};

/** Access to a hub that holds connections until it is closed. */
export interface NodeAccess extends HubAccess {
  /** Ends the requests in flight. */
  close(): Promise<void>;
}

/**
 * Sends requests by Node's own fetch, or by undici's where a proxy applies. undici is loaded with
 * the first of these.
 */
export function openAccess(proxies: Proxies | undefined): NodeAccess {
  const opened = new Map<NamedProxy, Promise<ProxiedFetch>>();
  const proxyOf = (url: string) => proxies && proxyFor(url, proxies);
  return {
    words: nodeWords,
    fetch: followRedirects(async (url, init) => {
      const proxy = proxyOf(url);
      if (!proxy) return fetch(url, init);
      const opening = opened.get(proxy) ?? openProxied(proxy);
      opened.set(proxy, opening);
      return (await opening).fetch(url, init);
    }),
    seesHeaders: () => true,
    routeHint: (url) => {
      const proxy = proxyOf(url);
      return proxy ? ` (${proxy.saidBy} names the proxy ${proxy.host})` : "";
    },
    async close() {
      // When the agent cannot be made, the request fails with the reason.
      const closing = [...opened.values()].map(async (opening) => (await opening).agent.destroy());
      await Promise.allSettled(closing);
    },
  };
}

interface ProxiedFetch {
  readonly fetch: Fetch;
  readonly agent: ProxyAgent;
}

async function openProxied({ url: uri }: NamedProxy): Promise<ProxiedFetch> {
  const undici = await import("undici");
  const agent = new undici.ProxyAgent({
    uri,
    // As in curl, because many proxies allow tunnels for HTTPS only.
    proxyTunnel: false,
    // The requests have their own time-outs.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  // The types of Node's fetch and of undici's differ in names only.
  const proxied = undici.fetch as unknown as (url: string, init: object) => Promise<Response>;
  return {
    agent,
    fetch: (url, init) => proxied(url, { ...init, dispatcher: agent }).catch(explain),
  };
}

/** undici reports a proxy's status in terms of the HTTP protocol. */
function explain(cause: unknown): never {
  const status = /^Proxy .*?\b(\d{3})\b/.exec(reasonOf(cause))?.[1];
  if (status === undefined) throw cause;
  const meaning =
    status === "407" ? ": it needs a user and a password, or rejects those that were sent" : "";
  throw new Error(`the proxy answered ${status}${meaning}`, { cause });
}
