/** The part of the browser's Cache that is used. */
export interface CacheLike {
  match(key: string): Promise<Response | undefined>;
  put(key: string, response: Response): Promise<void>;
  delete(key: string): Promise<boolean>;
}

/** The part of the browser's CacheStorage that is used. */
export interface CacheStorageLike {
  open(name: string): Promise<CacheLike>;
}

interface LocksLike {
  request<T>(name: string, options: { signal?: AbortSignal }, run: () => Promise<T>): Promise<T>;
}

/** Globals of pages and workers that Node's types do not declare; each may be absent. */
interface Globals {
  readonly caches?: CacheStorageLike;
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string; readonly origin: string };
  readonly navigator?: { readonly locks?: LocksLike };
}

const globals = globalThis as unknown as Globals;

/**
 * Undefined where the browser has no Cache API. Throws where the browser forbids it, as in
 * sandboxed frames.
 */
export function cacheStorage(): CacheStorageLike | undefined {
  return globals.caches;
}

/** The base of relative URLs. */
export function baseUrl(): string | undefined {
  return globals.document?.baseURI ?? globals.location?.href;
}

/** Whether a request to the URL stays on this origin, so that CORS does not apply. */
export function isSameOrigin(url: string): boolean {
  return new URL(url).origin === globals.location?.origin;
}

/**
 * Runs under a lock shared by all pages and workers of this origin; without a lock where the
 * browser has no lock manager.
 */
export function locked<T>(name: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const locks = globals.navigator?.locks;
  return locks ? locks.request(name, { signal }, run) : run();
}
