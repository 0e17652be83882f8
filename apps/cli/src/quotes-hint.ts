import { resolve } from "node:path";
import { InputError, isRipvecError } from "@ripvec/core";
import { isAbsent } from "./file-errors.js";

interface SearchWords {
  readonly query: string;
  readonly paths: readonly string[];
  readonly cwd: string;
}

/**
 * Adds a hint to the error of a walk when the first path seems to be the second word of a query
 * without quotes.
 */
export function withQuotesHint(error: unknown, { query, paths, cwd }: SearchWords): unknown {
  const [first = ""] = paths;
  const areWords = !/\s/.test(query) && /^[\p{L}\p{N}'’?,-]+$/u.test(first);
  if (!areWords || !isRipvecError(error) || error.code !== "INPUT") return error;
  if (!(error.cause instanceof Error)) return error;
  const cause: NodeJS.ErrnoException = error.cause;
  if (!isAbsent(cause) || cause.path !== resolve(cwd, first)) return error;
  return new InputError(`${error.message} (a query of several words needs quotes)`, { cause });
}
