import type { CacheLike, CacheStorageLike } from "../../src/browser/globals.js";

interface Stored {
  headers: Headers;
  bytes: Uint8Array;
}

/**
 * The Cache API in memory, as the standard defines it: `put` reads the whole body first and stores
 * nothing when it fails, `match` returns a new response each time, and keys are absolute URLs
 * without fragments.
 */
export class MemoryCaches implements CacheStorageLike {
  readonly caches: Map<string, Map<string, Stored>> = new Map();
  /** Number of bytes that fit. Beyond it, `put` rejects as browsers do. */
  quotaBytes: number = Number.POSITIVE_INFINITY;
  /** The error that `open`, `match` and `put` reject with while it is set. */
  failing: { open?: Error; match?: Error; put?: Error } = {};

  async open(name: string): Promise<CacheLike> {
    if (this.failing.open) throw this.failing.open;
    const entries = this.caches.get(name) ?? new Map<string, Stored>();
    this.caches.set(name, entries);
    return {
      match: async (key) => {
        if (this.failing.match) throw this.failing.match;
        const stored = entries.get(keyOf(key));
        return stored && new Response(stored.bytes.slice(), { headers: stored.headers });
      },
      put: async (key, response) => {
        if (!response.ok || response.status === 206) throw new TypeError("not a whole answer");
        if (response.bodyUsed) throw new TypeError("the body was read before");
        const headers = new Headers(response.headers);
        const bytes = new Uint8Array(await response.arrayBuffer());
        if (this.failing.put) throw this.failing.put;
        if (this.usedBytes() + bytes.byteLength > this.quotaBytes) {
          throw new DOMException("Quota exceeded.", "QuotaExceededError");
        }
        entries.set(keyOf(key), { headers, bytes });
      },
      delete: async (key) => entries.delete(keyOf(key)),
    };
  }

  usedBytes(): number {
    return this.entries().reduce((sum, [, { bytes }]) => sum + bytes.byteLength, 0);
  }

  /** All entries of all caches. */
  entries(): [string, Stored][] {
    return [...this.caches.values()].flatMap((entries) => [...entries]);
  }

  /** The only entry whose key contains this text. */
  entry(part: string): Stored | undefined {
    return this.entries().find(([key]) => key.includes(part))?.[1];
  }
}

function keyOf(key: string): string {
  const url = new URL(key);
  url.hash = "";
  return url.href;
}
