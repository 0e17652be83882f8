import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type HubSettings, readAccess, readRevision } from "../../remote/hub-settings.js";
import {
  defaultTimeouts,
  readTimeout,
  readTimeouts,
  type TimeoutOptions,
  type Timeouts,
} from "../../remote/timeouts.js";
import type { OpenModelOptions } from "../open-model-options.js";
import { type Environment, readSeconds, readSwitch, readVariable } from "./environment.js";
import { nodeWords } from "./node-access.js";
import { type Proxies, readProxies } from "./proxies.js";
import { pythonCacheDir } from "./python-cache.js";

/** The settings of a download, from options and environment. */
export interface RemoteSettings extends HubSettings {
  readonly cacheDir: string;
  /** The option or variable that sets `cacheDir`, for messages. */
  readonly cacheDirSaidBy: string;
  readonly pythonCacheDir: string;
  readonly offline: boolean;
  readonly proxies: Proxies | undefined;
}

/**
 * The folder of downloaded models: RIPVEC_CACHE, else "ripvec" in XDG_CACHE_HOME, else "ripvec" in
 * the platform's cache folder (~/.cache, ~/Library/Caches, %LOCALAPPDATA%).
 */
export function defaultCacheDir(
  env: Environment = process.env,
  platform: string = process.platform,
): string {
  const own = readVariable(env, "RIPVEC_CACHE");
  if (own) return resolve(own.value);
  const shared = readVariable(env, "XDG_CACHE_HOME");
  if (shared) return join(shared.value, "ripvec");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "ripvec");
  if (platform === "win32") {
    return join(
      readVariable(env, "LOCALAPPDATA")?.value ?? join(homedir(), "AppData", "Local"),
      "ripvec",
    );
  }
  return join(homedir(), ".cache", "ripvec");
}

/** Throws InputError that names the invalid option or variable. */
export function readSettings(
  options: OpenModelOptions,
  env: Environment = process.env,
): RemoteSettings {
  const [endpoint, token] = [env.HF_ENDPOINT, env.HF_TOKEN];
  return {
    cacheDir: options.cacheDir === undefined ? defaultCacheDir(env) : resolve(options.cacheDir),
    cacheDirSaidBy: cacheDirSaidBy(options, env),
    pythonCacheDir: pythonCacheDir(env),
    offline: options.offline ?? isOffline(env),
    ...readAccess({ endpoint, token }, nodeWords),
    revision: readRevision(options.revision),
    timeouts: timeoutsOf(options.timeouts, env),
    proxies: readProxies(env),
  };
}

function cacheDirSaidBy({ cacheDir }: OpenModelOptions, env: Environment): string {
  if (cacheDir !== undefined) return "the option cacheDir";
  const variable = readVariable(env, "RIPVEC_CACHE", "XDG_CACHE_HOME");
  return variable?.name ?? "the default, because RIPVEC_CACHE is not set";
}

function isOffline(env: Environment): boolean {
  return ["RIPVEC_OFFLINE", "HF_HUB_OFFLINE"].some((name) => readSwitch(env, name));
}

function timeoutsOf(options: TimeoutOptions | undefined, env: Environment): Timeouts {
  const ofEnvironment = (name: string, fallbackMs: number) =>
    readTimeout(readSeconds(env, name), name, fallbackMs);
  return readTimeouts(options, {
    answerMs: ofEnvironment("HF_HUB_ETAG_TIMEOUT", defaultTimeouts.answerMs),
    downloadMs: ofEnvironment("HF_HUB_DOWNLOAD_TIMEOUT", defaultTimeouts.downloadMs),
  });
}
