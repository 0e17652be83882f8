/**
 * SHA-256 in lower-case hex. Pages that were not loaded over HTTPS have no WebCrypto; there it is
 * computed in JavaScript.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto;
  if (subtle) {
    return hex(new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
  }
  const library = await import("@noble/hashes/sha2.js");
  return hex(library.sha256(bytes));
}

/** SHA-1 in lower-case hex, as git computes it for a blob. */
export async function gitSha1(bytes: Uint8Array): Promise<string> {
  const prefix = new TextEncoder().encode(`blob ${bytes.byteLength}\0`);
  const blob = new Uint8Array(prefix.byteLength + bytes.byteLength);
  blob.set(prefix);
  blob.set(bytes, prefix.byteLength);
  const { subtle } = globalThis.crypto;
  if (subtle) return hex(new Uint8Array(await subtle.digest("SHA-1", blob)));
  const library = await import("@noble/hashes/legacy.js");
  return hex(library.sha1(blob));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
