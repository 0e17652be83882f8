import { DownloadError } from "../../download-error.js";
import type { ModelFiles } from "../../model-files.js";
import { HubClient } from "../../remote/hub-client.js";
import { isCommit } from "../../remote/hub-settings.js";
import type { Listing } from "../../remote/listing.js";
import { stoppable } from "../../stoppable.js";
import type { OpenModelOptions } from "../open-model-options.js";
import { isSystemError } from "./atomic-file.js";
import { ModelCache } from "./cache.js";
import { DigestRecord } from "./digest-record.js";
import { openAccess } from "./node-access.js";
import { PythonCache } from "./python-cache.js";
import { RemoteFiles } from "./remote-files.js";
import { type RemoteSettings, readSettings } from "./settings.js";
import { SnapshotFiles } from "./snapshot-files.js";

type ReadFiles<T> = (files: ModelFiles) => Promise<T>;

/** The places where one model is looked for. */
interface Places {
  readonly client: HubClient<RemoteSettings>;
  readonly cache: ModelCache;
  readonly python: PythonCache;
}

/**
 * Runs `read` on a model's files by its id. A branch or tag costs one request for its commit; a
 * full commit hash whose files are in the cache costs none. Without network this fails, unless
 * `offline` requests the cached files: an old copy never silently replaces the current one.
 */
export async function readRemote<T extends object>(
  name: string,
  options: OpenModelOptions,
  read: ReadFiles<T>,
): Promise<T & { readonly directory: string }> {
  const settings = readSettings(options);
  const cache = new ModelCache(settings.cacheDir, name);
  const python = new PythonCache(settings.pythonCacheDir, name);
  const access = openAccess(settings.proxies);
  try {
    return await stoppable(options.signal, (signal) => {
      const client = new HubClient(name, settings, signal, access);
      return readThroughCaches({ client, cache, python }, options, read);
    });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const { cacheDir, cacheDirSaidBy } = settings;
    throw new DownloadError(
      "cache",
      `the cache ${cacheDir} (${cacheDirSaidBy}) cannot be used: ${error.message}. Set RIPVEC_CACHE to a folder that this user may write to, on a disk with space`,
      { model: name, cause: error },
    );
  } finally {
    await access.close();
  }
}

async function readThroughCaches<T extends object>(
  places: Places,
  options: OpenModelOptions,
  read: ReadFiles<T>,
): Promise<T & { readonly directory: string }> {
  const { client, cache } = places;
  const commit = await findCommit(places);
  const listing = await findListing(places, commit);
  const trusted = options.verify !== true;
  const record = await DigestRecord.load(cache.recordPath, { trusted, signal: client.signal });
  const shared = { ...places, record, commit };
  const files = listing
    ? new RemoteFiles({ ...shared, listing, onProgress: options.onProgress })
    : new SnapshotFiles({ ...shared, model: client.model });
  try {
    const found = await read(files);
    // The ref is written only now, because offline use must find a commit whose files are all in
    // the cache.
    if (!client.settings.offline) {
      await unlessRefused(cache.writeRef(client.settings.revision, commit));
    }
    return { ...found, directory: files.directory };
  } finally {
    await record.save();
  }
}

async function findCommit({ client, cache, python }: Places): Promise<string> {
  const { revision, offline } = client.settings;
  if (isCommit(revision)) return revision;
  const cached = (await cache.readRef(revision)) ?? (await python.readRef(revision));
  if (!offline) {
    return client.resolveCommit(
      cached === undefined
        ? ". There is no local directory of that name either"
        : `. The cache has commit ${cached}: pass offline: true (or set RIPVEC_OFFLINE=1) to use it`,
    );
  }
  if (cached !== undefined) return cached;
  throw notCached({ client, cache, python });
}

/** Undefined when the files are in Python's cache and no listing of them is known. */
async function findListing(places: Places, commit: string): Promise<Listing | undefined> {
  const { client, cache, python } = places;
  const cached = await cache.readListing(commit);
  if (cached) return cached;
  if (client.settings.offline) {
    const tree = await python.readTree(commit);
    if (tree || (await python.hasSnapshot(commit))) return tree;
    throw notCached(places);
  }
  const listing = await client.listFiles(commit);
  await unlessRefused(cache.writeListing(commit, listing));
  return listing;
}

/** A read-only cache is sufficient when it holds every file. */
async function unlessRefused(writing: Promise<void>): Promise<void> {
  await writing.catch((error: unknown) => {
    if (!isSystemError(error)) throw error;
  });
}

function notCached({ client, cache, python }: Places): DownloadError {
  const { model, settings } = client;
  return new DownloadError(
    "offline",
    `revision "${settings.revision}" is neither in the cache (${cache.directory}) nor in that of Python (${python.directory}), and offline use was requested. Open it once online, or pass a local directory`,
    { model },
  );
}
