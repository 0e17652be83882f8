import { ModelFileError } from "@ripvec/core";
import { discard } from "../remote/send.js";
import { type BodyLimits, chunksOf } from "../remote/timed-fetch.js";

/**
 * Allocates memory for a whole file. Throws ModelFileError when the browser cannot allocate that
 * much in one piece.
 */
export function allocate(byteLength: number, path: string): Uint8Array {
  try {
    return new Uint8Array(byteLength);
  } catch (cause) {
    throw new ModelFileError(
      `has ${byteLength} bytes, more than this browser can allocate in one piece. Save the model in smaller shards (max_shard_size of save_pretrained)`,
      { path, cause },
    );
  }
}

/** What is known about a body before it is read. */
export interface BodyFacts {
  /** The file's name in messages. */
  readonly url: string;
  /** The expected number of bytes; it is right for most answers. */
  readonly byteLength: number | undefined;
  readonly maxBytes: number;
  readonly limits: BodyLimits;
  readonly onBytes: (loaded: number) => void;
}

/**
 * The whole body in one piece of memory. When the length is known, the body is written there as it
 * arrives. Throws ModelFileError beyond `maxBytes`.
 */
export async function readBody(response: Response, facts: BodyFacts): Promise<Uint8Array> {
  const { url, byteLength = 0, maxBytes, limits, onBytes } = facts;
  const refuse = (count: string) =>
    new ModelFileError(`has ${count} bytes, the limit for this file is ${maxBytes}`, {
      path: url,
    });
  if (byteLength > maxBytes) {
    await discard(response);
    throw refuse(String(byteLength));
  }
  let bytes = allocate(byteLength, url);
  let at = 0;
  onBytes(0);
  for await (const chunk of chunksOf(response, limits)) {
    const end = at + chunk.byteLength;
    if (end > maxBytes) throw refuse(`more than ${maxBytes}`);
    if (end > bytes.byteLength) bytes = grown(bytes, at, end, url);
    bytes.set(chunk, at);
    at = end;
    onBytes(at);
  }
  return at === bytes.byteLength ? bytes : bytes.slice(0, at);
}

const minGrowthBytes = 64 << 10;

function grown(bytes: Uint8Array, used: number, needed: number, url: string): Uint8Array {
  const larger = allocate(Math.max(needed, 2 * bytes.byteLength, minGrowthBytes), url);
  larger.set(bytes.subarray(0, used));
  return larger;
}
