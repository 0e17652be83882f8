import { ArgumentError } from "./errors.js";
import { kindOf } from "./kind-of.js";

/** The method that tells each part of a backend from other values, and how an app gets the part. */
const parts = {
  driver: { method: "createTensor", example: "await cpu()" },
  arch: { method: "load", example: "classicBert" },
  model: { method: "weights", example: 'await openModel("…")' },
} as const;

/** Throws ArgumentError unless `value` is such a part: it may be a promise, or a function that was not called. */
export function expectPart(name: keyof typeof parts, value: unknown): void {
  const { method, example } = parts[name];
  if (typeof value === "object" && value !== null && method in value) return;
  const isPromise = typeof value === "object" && value !== null && "then" in value;
  const got = isPromise ? "a promise" : kindOf(value);
  const reason = `must be what \`${example}\` gives, got ${got}`;
  throw new ArgumentError({ op: "GenericBackend.create", argument: name, reason });
}
