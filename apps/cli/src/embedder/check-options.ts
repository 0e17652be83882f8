import { ArgumentError } from "@ripvec/core";
import { gotOf } from "./got-of.js";
import type { SessionOptions } from "./open-session.js";

/** What the value of an option is. The values of "checked" ones are checked where they are used. */
export type OptionKind = "boolean" | "function" | "string" | "object" | "signal" | "checked";

/** The options of every platform. A name that is missing here is an error of the compiler. */
export const sessionOptions: Readonly<Record<keyof SessionOptions, OptionKind>> = {
  driver: "checked",
  arch: "checked",
  threads: "checked",
  pooling: "checked",
  normalize: "boolean",
  dtype: "checked",
  activations: "checked",
  dimensions: "checked",
  renormalize: "boolean",
  maxTokens: "checked",
  maxBatchTokens: "checked",
  maxBatch: "checked",
  signal: "signal",
};

/** Throws ArgumentError for an option that does not exist, and for a value of another kind. Undefined counts as absent. */
export function checkOptions(options: object, kinds: Readonly<Record<string, OptionKind>>): void {
  if (typeof options !== "object" || options === null) {
    const reason = `must be an object, got ${gotOf(options)}`;
    throw new ArgumentError({ op: "createEmbedder", argument: "options", reason });
  }
  for (const [argument, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, argument) ? kinds[argument] : undefined;
    if (kind === undefined) {
      const reason = `is no option; the options are ${Object.keys(kinds).join(", ")}`;
      throw new ArgumentError({ op: "createEmbedder", argument, reason });
    }
    if (value === undefined || isOf(kind, value)) continue;
    const wanted =
      kind === "signal" ? "an AbortSignal" : `${kind === "object" ? "an" : "a"} ${kind}`;
    const reason = `must be ${wanted}, got ${gotOf(value)}`;
    throw new ArgumentError({ op: "createEmbedder", argument, reason });
  }
}

function isOf(kind: OptionKind, value: unknown): boolean {
  if (kind === "checked") return true;
  if (kind === "signal") return typeof value === "object" && value !== null && "aborted" in value;
  return typeof value === kind && value !== null;
}
