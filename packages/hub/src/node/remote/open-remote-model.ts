import { DownloadError } from "../../download-error.js";
import type { Model } from "../../model.js";
import { readModel } from "../../read-model.js";
import { HubClient } from "../../remote/hub-client.js";
import { isCommit } from "../../remote/hub-settings.js";
import type { Listing } from "../../remote/listing.js";
import { stoppable } from "../../stoppable.js";
import type { OpenModelOptions } from "../open-model-options.js";
import { ModelCache } from "./cache.js";
import { openAccess } from "./node-access.js";
import { RemoteFiles } from "./remote-files.js";
import { type RemoteSettings, readSettings } from "./settings.js";

/**
 * Opens a model by its id. A branch or tag costs one request that says which commit it means; a full
 * commit hash whose files are in the cache costs none. Without network this fails, unless `offline`
 * asks for what the cache holds: no copy is used silently in place of the current one.
 */
export async function openRemoteModel(name: string, options: OpenModelOptions): Promise<Model> {
  const settings = readSettings(options);
  const cache = new ModelCache(settings.cacheDir, name);
  const access = openAccess(settings.proxies);
  try {
    return await stoppable(options.signal, (signal) =>
      openThroughCache(new HubClient(name, settings, signal, access), cache, options),
    );
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new DownloadError(
      "cache",
      `the cache ${cache.directory} cannot be used: ${error.message}`,
      {
        model: name,
        cause: error,
      },
    );
  } finally {
    await access.close();
  }
}

async function openThroughCache(
  client: HubClient<RemoteSettings>,
  cache: ModelCache,
  { onProgress, arch }: OpenModelOptions,
): Promise<Model> {
  const { settings } = client;
  const commit = await findCommit(client, cache);
  const listing = await findListing(client, cache, commit);
  const files = new RemoteFiles(cache, commit, listing, client, onProgress);
  const model = await readModel(files, arch);
  // Only now: offline use must find a commit whose files are all there.
  if (!settings.offline) await cache.writeRef(settings.revision, commit);
  return { ...model, directory: cache.snapshotDirectory(commit) };
}

async function findCommit(client: HubClient<RemoteSettings>, cache: ModelCache): Promise<string> {
  const { revision, offline } = client.settings;
  if (isCommit(revision)) return revision;
  const cached = await cache.readRef(revision);
  if (!offline) {
    return client.resolveCommit(
      cached === undefined
        ? ". Nor is there a local directory of that name"
        : `. The cache holds commit ${cached}: pass offline: true (or set RIPVEC_OFFLINE=1) to use it`,
    );
  }
  if (cached !== undefined) return cached;
  throw notCached(client, cache);
}

async function findListing(
  client: HubClient<RemoteSettings>,
  cache: ModelCache,
  commit: string,
): Promise<Listing> {
  const cached = await cache.readListing(commit);
  if (cached) return cached;
  if (client.settings.offline) throw notCached(client, cache);
  const listing = await client.listFiles(commit);
  await cache.writeListing(commit, listing);
  return listing;
}

function notCached(
  { model, settings }: HubClient<RemoteSettings>,
  cache: ModelCache,
): DownloadError {
  return new DownloadError(
    "offline",
    `revision "${settings.revision}" is not in the cache (${cache.directory}), and offline use was asked for. Open it once online, or pass a local directory`,
    { model },
  );
}
