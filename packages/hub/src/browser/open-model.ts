import { InputError } from "@ripvec/core";
import { sha256 } from "../digest.js";
import type { Model } from "../model.js";
import { isInnerPath } from "../model-files.js";
import { expectPinned, type Pins, readPins } from "../pins.js";
import { readModel } from "../read-model.js";
import { HubClient } from "../remote/hub-client.js";
import { type HubAccess, isCommit, readAccess, readRevision } from "../remote/hub-settings.js";
import { type Listing, parseListing, serializeListing } from "../remote/listing.js";
import { isRepoName } from "../remote/repo-name.js";
import { defaultTimeouts, readTimeouts, type Timeouts } from "../remote/timeouts.js";
import { stoppable } from "../stoppable.js";
import { DirectoryClient } from "./directory-client.js";
import { DirectoryFiles } from "./directory-files.js";
import { baseUrl, isSameOrigin } from "./globals.js";
import { HubFiles } from "./hub-files.js";
import { ModelCache } from "./model-cache.js";
import type { OpenModelOptions } from "./open-model-options.js";

/**
 * Opens a model in a page or worker: from a directory on a web server ("./models/bge/",
 * "/models/bge", "https://…", a URL object) or by its Hugging Face id ("owner/name"). The weights
 * are in memory when the promise resolves.
 * Throws InputError when the text is neither, ModelFileError when a file is missing or broken,
 * UnsupportedError for a kind of model that is not supported, the error of `arch.check`,
 * DownloadError when the server or the network fails, and the signal's reason when aborted. All
 * requests have ended before it rejects.
 */
export async function openModel(
  urlOrId: string | URL,
  options: OpenModelOptions = {},
): Promise<Model> {
  options.signal?.throwIfAborted();
  const place = readPlace(urlOrId);
  const pins = readPins(options.sha256);
  const listed = readFiles(options.files);
  const timeouts = readTimeouts(options.timeouts, defaultTimeouts);
  return stoppable(options.signal, async (signal) => {
    const warn = (warning: Parameters<NonNullable<OpenModelOptions["onWarning"]>>[0]) =>
      options.onWarning?.(warning);
    const cache = await ModelCache.open(options.cache ?? true, signal, warn);
    signal.throwIfAborted();
    const opening = { cache, signal, pins, timeouts, onProgress: options.onProgress };
    if (typeof place === "string") return openFromHub(place, options, opening);
    const client = new DirectoryClient(place, { signal, timeouts, httpCache: !cache.works });
    const files = new DirectoryFiles({ ...opening, client, listed });
    await expectPinned(files, pins);
    return { ...(await readModel(files, options.arch)), directory: client.folder };
  });
}

interface Opening {
  readonly cache: ModelCache;
  readonly signal: AbortSignal;
  readonly pins: Pins;
  readonly timeouts: Timeouts;
  readonly onProgress: OpenModelOptions["onProgress"];
}

const access: HubAccess = {
  words: { token: "the option token", endpoint: "the option endpoint", alternative: "" },
  fetch: (url, init) => fetch(url, init),
  seesHeaders: ({ url }) => isSameOrigin(url),
  routeHint: () => "",
};

async function openFromHub(
  name: string,
  options: OpenModelOptions,
  opening: Opening,
): Promise<Model> {
  const settings = {
    ...readAccess(options, { endpoint: "endpoint", token: "token" }),
    revision: readRevision(options.revision),
    timeouts: opening.timeouts,
    requestCache: opening.cache.works ? ("no-store" as const) : ("default" as const),
  };
  const client = new HubClient(name, settings, opening.signal, access);
  const { revision } = settings;
  const commit = isCommit(revision)
    ? revision
    : await client.resolveCommit(
        `. Write a directory of this site as "./${name}/". With a commit hash as revision, a cached model opens without network`,
      );
  const listing = await findListing(client, commit, opening.cache);
  const files = new HubFiles({ ...opening, client, commit, listing });
  await expectPinned(files, opening.pins);
  return { ...(await readModel(files, options.arch)), directory: client.fileUrl(commit, "") };
}

async function findListing(client: HubClient, commit: string, cache: ModelCache): Promise<Listing> {
  const key = `${client.settings.endpoint}/${client.model}/listings/${commit}`;
  const cached = await (await cache.find(key))?.load();
  const known = cached && parseListing(new TextDecoder().decode(cached.bytes));
  if (known) return known;
  const listing = await client.listFiles(commit);
  const bytes = new TextEncoder().encode(serializeListing(listing));
  await cache.store(key, { bytes, sha256: await sha256(bytes) });
  return listing;
}

/** The id of a model on the hub, or the URL of a directory that ends in a slash. */
function readPlace(urlOrId: string | URL): string | URL {
  const text = String(urlOrId);
  if (isRepoName(text)) return text;
  const isPath = /^(https?:|\.{0,2}\/)/i.test(text);
  const base = baseUrl();
  if (isPath && URL.canParse(text, base)) {
    const url = new URL(text, base);
    if (/^https?:$/.test(url.protocol)) {
      url.hash = "";
      if (!url.pathname.endsWith("/")) url.pathname += "/";
      return url;
    }
  }
  throw new InputError(
    `no model ${JSON.stringify(text)}: it is neither a Hugging Face id such as "owner/name" nor the URL of a directory, which begins with "https://", "http://", "/", "./" or "../"`,
  );
}

function readFiles(files: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (files === undefined) return undefined;
  const wrong = files.find((path) => typeof path !== "string" || !isInnerPath(path));
  if (wrong === undefined) return new Set(files);
  throw new InputError(`files: ${JSON.stringify(wrong)} is not a path inside the model`);
}
