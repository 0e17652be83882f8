import { resolve } from "node:path";
import { InputError } from "@ripvec/core";
import { isAbsent } from "./file-errors.js";

interface SearchWords {
  readonly query: string;
  readonly paths: readonly string[];
  readonly cwd: string;
}

/** The error of a walk, with a hint where the first path seems to be the second word of a query without quotes. */
export function withQuotesHint(error: unknown, { query, paths, cwd }: SearchWords): unknown {
  const [first = ""] = paths;
  const areWords = !/\s/.test(query) && /^[\p{L}\p{N}'’?,-]+$/u.test(first);
  if (!areWords || !(error instanceof InputError) || !(error.cause instanceof Error)) return error;
  const cause: NodeJS.ErrnoException = error.cause;
  if (!isAbsent(cause) || cause.path !== resolve(cwd, first)) return error;
  return new InputError(`${error.message} (a query of several words needs quotes)`, { cause });
}
