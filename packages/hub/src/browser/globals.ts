/** What is used of the browser's Cache. */
export interface CacheLike {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** What is used of the browser's CacheStorage. */
export interface CacheStorageLike {
  open(name: string): Promise<CacheLike>;
}

interface LocksLike {
  request<T>(name: string, options: { signal?: AbortSignal }, run: () => Promise<T>): Promise<T>;
}

/** Globals of pages and workers that Node's types lack; each may be absent. */
interface Globals {
  readonly caches?: CacheStorageLike;
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string; readonly origin: string };
  readonly navigator?: { readonly locks?: LocksLike };
}

const globals = globalThis as unknown as Globals;

/** Undefined where the browser offers none. Throws where it forbids it: sandboxed frames. */
export function cacheStorage(): CacheStorageLike | undefined {
  return globals.caches;
}

/** What relative URLs are relative to. */
export function baseUrl(): string | undefined {
  return globals.document?.baseURI ?? globals.location?.href;
}

/** Whether requests to the URL are free of CORS. */
export function isSameOrigin(url: string): boolean {
  return new URL(url).origin === globals.location?.origin;
}

/** Runs alone among all pages and workers of this origin that name the same lock; at once where there are no locks. */
export function locked<T>(name: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const locks = globals.navigator?.locks;
  return locks ? locks.request(name, { signal }, run) : run();
}
