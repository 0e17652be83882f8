import type { EnvHttpProxyAgent } from "undici";
import type { HubAccess, HubWords } from "../../remote/hub-settings.js";
import { reasonOf } from "../../remote/send.js";
import type { Fetch } from "../../remote/timed-fetch.js";
import { followRedirects } from "./follow-redirects.js";
import { type Proxies, proxyFor } from "./proxies.js";

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

/** Requests by Node's own fetch, or through the proxies by undici's, which is loaded with the first request. */
export function openAccess(proxies: Proxies | undefined): NodeAccess {
  if (!proxies) {
    return {
      words: nodeWords,
      fetch: followRedirects((url, init) => fetch(url, init)),
      seesHeaders: () => true,
      wayTo: () => "",
      close: async () => undefined,
    };
  }
  let opening: Promise<ProxiedFetch> | undefined;
  return {
    words: nodeWords,
    fetch: followRedirects(async (url, init) => {
      opening ??= openProxied(proxies);
      return (await opening).fetch(url, init);
    }),
    seesHeaders: () => true,
    wayTo: (url) => {
      const proxy = proxyFor(url, proxies);
      return proxy ? ` (${proxy.saidBy} names the proxy ${proxy.host})` : "";
    },
    // Why there is no agent is the error of the request.
    close: async () => (await opening?.catch(() => undefined))?.agent.destroy(),
  };
}

interface ProxiedFetch {
  readonly fetch: Fetch;
  readonly agent: EnvHttpProxyAgent;
}

async function openProxied({ http, https, exceptions }: Proxies): Promise<ProxiedFetch> {
  const undici = await import("undici");
  const agent = new undici.EnvHttpProxyAgent({
    // "" names none: undici would look into the environment itself.
    httpProxy: http?.url ?? "",
    httpsProxy: https?.url ?? "",
    noProxy: exceptions,
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
