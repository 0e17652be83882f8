import { ModelFileError } from "@ripvec/core";
import { expect, test } from "vitest";
import { judge } from "../src/oracle.js";
import type { Target } from "../src/target.js";

const kindOf = async (run: Target["run"]): Promise<string | undefined> =>
  (await judge({ name: "made", kind: "bytes", run }, new Uint8Array(8)))?.kind;

const held: unknown[] = [];

test("an input that is read, or refused with an error of ripvec, is not a fault", async () => {
  expect(await kindOf(() => undefined)).toBeUndefined();
  const refuse = () => {
    throw new ModelFileError("has a \u001b[2J in it", { path: "x".repeat(100_000) });
  };
  expect(await kindOf(refuse)).toBeUndefined();
});

test.each([
  ["an error of JavaScript", () => JSON.parse("{")],
  ["a rejection", () => Promise.reject(new RangeError("too deep"))],
  [
    "a mistake wrapped in an error of ripvec",
    () => {
      throw new ModelFileError("cannot be used", { cause: new TypeError("x is undefined") });
    },
  ],
  [
    "a value that is not an error",
    () => {
      throw "text";
    },
  ],
  [
    "a stack that overflows",
    function call(): void {
      call();
      held.pop();
    },
  ],
])("%s is a fault", async (_, run) => {
  expect(await kindOf(run)).toBe("untyped");
});

test.each([
  ["long", "x".repeat(40_000)],
  ["not printable", "title \u001b]0;x\u0007"],
  ["of two lines", "a\nb"],
  ["half a character", "\ud800"],
  ["of another direction", "a\u200fb"],
])("a message that is %s is a fault", async (_, message) => {
  const refuse = () => {
    const error = new ModelFileError("x");
    error.message = message;
    throw error;
  };
  expect(await kindOf(refuse)).toBe("message");
});

test("more than a second of computing is a fault", async () => {
  const burn = () => {
    const began = process.cpuUsage();
    let sum = 0;
    for (let spent = 0; spent < 1.2e6; spent = process.cpuUsage(began).user) {
      for (let i = 0; i < 1e6; i += 1) sum += Math.sqrt(i);
    }
    held.push(sum);
  };
  expect(await kindOf(burn)).toBe("slow");
});

test("memory out of proportion to the input is a fault", async () => {
  expect(await kindOf(() => void held.push(new Uint8Array(200 << 20)))).toBe("memory");
  held.length = 0;
});
