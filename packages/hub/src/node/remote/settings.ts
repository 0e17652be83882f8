import { homedir } from "node:os";
import { join, resolve } from "node:path";
import {
  type HubAccess,
  type HubSettings,
  readEndpoint,
  readRevision,
  readToken,
} from "../../remote/hub-settings.js";
import type { OpenModelOptions } from "../open-model-options.js";
import { pythonCacheDir } from "./python-cache.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** What a download needs to know, from options and environment. */
export interface RemoteSettings extends HubSettings {
  readonly cacheDir: string;
  /** What names `cacheDir`, for messages. */
  readonly cacheDirSaidBy: string;
  readonly pythonCacheDir: string;
  readonly offline: boolean;
}

export const hubAccess: HubAccess = {
  words: { token: "HF_TOKEN", alternative: "; nor is there a local directory of that name" },
  loadApi: () => import("@huggingface/hub"),
};

/**
 * Where downloaded models are kept: RIPVEC_CACHE, else "ripvec" in XDG_CACHE_HOME, else in the
 * platform's cache folder (~/.cache, ~/Library/Caches, %LOCALAPPDATA%).
 */
export function defaultCacheDir(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (env.RIPVEC_CACHE) return resolve(env.RIPVEC_CACHE);
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "ripvec");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "ripvec");
  if (platform === "win32") {
    return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "ripvec");
  }
  return join(homedir(), ".cache", "ripvec");
}

export function readSettings(
  options: OpenModelOptions,
  env: Environment = process.env,
): RemoteSettings {
  return {
    cacheDir: options.cacheDir === undefined ? defaultCacheDir(env) : resolve(options.cacheDir),
    cacheDirSaidBy: cacheDirSaidBy(options, env),
    pythonCacheDir: pythonCacheDir(env),
    offline: options.offline ?? (isOn(env.RIPVEC_OFFLINE) || isOn(env.HF_HUB_OFFLINE)),
    endpoint: readEndpoint(env.HF_ENDPOINT, "HF_ENDPOINT"),
    token: readToken(env.HF_TOKEN, "HF_TOKEN"),
    revision: readRevision(options.revision),
  };
}

function cacheDirSaidBy({ cacheDir }: OpenModelOptions, env: Environment): string {
  if (cacheDir !== undefined) return "the option cacheDir";
  const variable = ["RIPVEC_CACHE", "XDG_CACHE_HOME"].find((name) => env[name]);
  return variable ?? "the default, as RIPVEC_CACHE is not set";
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && /^(1|true|yes|on)$/i.test(value.trim());
}
