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

/** Access that holds connections until it is closed. */
export interface NodeAccess extends HubAccess {
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** Requests by Node's own fetch, or by undici's where a proxy is to be asked: it is loaded with the first of these. */
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
    wayTo: (url) => {
      const proxy = proxyOf(url);
      return proxy ? ` (${proxy.saidBy} names the proxy ${proxy.host})` : "";
    },
    async close() {
      // Why there is no agent is the error of the request.
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
    // As curl does: many proxies open tunnels for HTTPS alone.
    proxyTunnel: false,
    // The requests have time-outs of their own.
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

/** undici says what a proxy answered in words of the protocol. */
function explain(cause: unknown): never {
  const status = /^Proxy .*?\b(\d{3})\b/.exec(reasonOf(cause))?.[1];
  if (status === undefined) throw cause;
  const meaning = status === "407" ? ": it asks for a user and a password, or for others" : "";
  throw new Error(`the proxy answered ${status}${meaning}`, { cause });
}
