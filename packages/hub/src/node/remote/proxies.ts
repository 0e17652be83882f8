import { InputError } from "@ripvec/core";
import { decodeUserInfo, shownSetting } from "../../remote/public-url.js";
import { type Environment, readVariable } from "./environment.js";

/** A proxy and the variable that names it. */
export interface NamedProxy {
  /** The URL with user and password, where it has them; it must not appear in a message. */
  readonly url: string;
  readonly host: string;
  readonly saidBy: string;
}

/** The proxies that the environment names. */
export interface Proxies {
  readonly http: NamedProxy | undefined;
  /** HTTPS_PROXY, else HTTP_PROXY, as Node itself does. */
  readonly https: NamedProxy | undefined;
  /**
   * Hosts that are reached without a proxy, with or without a port: those of NO_PROXY and this
   * machine. "*": all hosts.
   */
  readonly exceptions: readonly string[];
}

/** Addresses that a proxy on another machine cannot reach. */
const ownHosts = ["localhost", "127.0.0.1", "[::1]"];

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in lower case first. Undefined when no proxy is named. Throws InputError. */
export function readProxies(env: Environment): Proxies | undefined {
  const http = readProxy(env, "http_proxy", "HTTP_PROXY");
  const https = readProxy(env, "https_proxy", "HTTPS_PROXY") ?? http;
  if (!https) return undefined;
  return { http, https, exceptions: readExceptions(env) };
}

/** The proxy for a URL; undefined when the request goes directly. */
export function proxyFor(
  url: string,
  { http, https, exceptions }: Proxies,
): NamedProxy | undefined {
  const { protocol, hostname, port } = new URL(url);
  const isException = (entry: string) => {
    if (entry === "*") return true;
    const [, host = "", ownPort] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (ownPort !== undefined && Number(ownPort) !== portOf({ protocol, port })) return false;
    return hostname === host || hostname.endsWith(`.${host}`);
  };
  if (exceptions.some(isException)) return undefined;
  return protocol === "https:" ? https : http;
}

function readExceptions(env: Environment): readonly string[] {
  const named = readVariable(env, "no_proxy", "NO_PROXY")?.value.split(/[,\s]+/) ?? [];
  return [...named.filter(Boolean), ...ownHosts];
}

function readProxy(env: Environment, ...names: readonly string[]): NamedProxy | undefined {
  const found = readVariable(env, ...names);
  if (!found) return undefined;
  const { name, value } = found;
  // curl and Python accept a proxy without a scheme.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !hasLaterUserInfo(url)) {
    return { url: bareUrl(url), host: `${url.hostname}:${portOf(url)}`, saidBy: name };
  }
  throw new InputError(
    `${name} must be the http or https URL of a proxy, such as http://proxy.example:3128, with "/", "?" and "#" of a password as %2F, %3F and %23${shownSetting(value)}`,
  );
}

function portOf({ protocol, port }: Pick<URL, "protocol" | "port">): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** An unescaped "/", "?" or "#" in a password ends the host before the "@". */
function hasLaterUserInfo({ pathname, search, hash }: URL): boolean {
  return `${pathname}${search}${hash}`.includes("@");
}

/**
 * Path, query and fragment are ignored, as in curl. User and password are escaped so that undici
 * can decode them.
 */
function bareUrl(url: URL): string {
  const bare = new URL(url.origin);
  bare.username = encodeURIComponent(decodeUserInfo(url.username));
  bare.password = encodeURIComponent(decodeUserInfo(url.password));
  return bare.href;
}
