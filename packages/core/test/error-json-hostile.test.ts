import { runInNewContext } from "node:vm";
import {
  ArgumentError,
  errorFromJSON,
  InputError,
  isRipvecError,
  UnsupportedError,
} from "@ripvec/core";
import { describe, expect, test } from "vitest";

/** What becomes of an error that has this cause. */
function causeAfter(cause: unknown): unknown {
  const error = new InputError("outer", { cause });
  const revived = errorFromJSON(JSON.parse(JSON.stringify(error)));
  expect(revived).toBeInstanceOf(InputError);
  expect(revived.message).toBe("outer");
  return revived.cause;
}

function valueAfter(value: unknown): unknown {
  const error = new UnsupportedError({ what: "x", value, supported: [] });
  return (errorFromJSON(JSON.parse(JSON.stringify(error))) as UnsupportedError).value;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function throwing(key: PropertyKey, target: object = {}): object {
  return Object.defineProperty(target, key, {
    enumerable: true,
    get() {
      throw new Error("not yours");
    },
  });
}

describe("toJSON does not throw", () => {
  test("for causes that form a cycle", () => {
    const own = new InputError("own");
    own.cause = own;
    expect(own.toJSON()).toEqual({
      name: "InputError",
      code: "INPUT",
      message: "own",
      cause: "[object Error]",
    });
    const [a, b] = [new InputError("a"), new TypeError("b")];
    a.cause = b;
    b.cause = a;
    expect(a.toJSON().cause).toEqual({
      ...{ $: "Error", name: "TypeError", message: "b" },
      cause: "[object Error]",
    });
  });

  test.each([InputError, TypeError])("for a chain of 20,000 causes of %o", (type) => {
    let cause = new type("first");
    for (let i = 0; i < 20_000; i++) cause = new type("next", { cause });
    let length = 0;
    for (let each = causeAfter(cause); each instanceof Error; each = each.cause) length++;
    expect(length).toBe(31);
  });

  test.each([
    ["a getter", throwing("wrong", { right: 1 }), { right: 1, wrong: "[unreadable]" }],
    ["a toStringTag", throwing(Symbol.toStringTag, new Map()), "[unreadable]"],
    ["a revoked Proxy", revoked(), "[unreadable]"],
    ["a revoked Proxy in a list", [1, revoked()], [1, "[unreadable]"]],
  ])("for a cause or field that cannot be read: %s", (_, value, expected) => {
    expect(causeAfter(value)).toEqual(expected);
    expect(valueAfter(value)).toEqual(expected);
  });

  test.each(["name", "message", "code", "cause"])("for an error whose %s throws", (key) => {
    const facts = { name: "TypeError", message: "inner" };
    const cause = causeAfter(throwing(key, new TypeError("inner")));
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({ ...facts, [key]: "[unreadable]" });
    const ours = throwing(key, new InputError("inner"));
    expect(causeAfter(ours)).toMatchObject({ message: "inner", [key]: "[unreadable]" });
  });

  test("for values that are shared, which are written 10,000 times at most", () => {
    let value: unknown = "leaf";
    for (let i = 0; i < 20; i++) value = [value, value];
    expect(JSON.stringify(new InputError("x", { cause: value })).length).toBeLessThan(200_000);
    expect(JSON.stringify(causeAfter(value))).toContain('"[object Array]"');
    const list = Array.from({ length: 9_000 }, (_, i) => i);
    expect(valueAfter(list)).toEqual(list);
    expect(valueAfter([list, list])).toEqual([list, "[object Array]"]);
    expect(valueAfter(new Array(2 ** 32 - 1))).toBe("[object Array]");
  });
});

test("isRipvecError is false for a revoked Proxy", () => {
  expect(isRipvecError(revoked())).toBe(false);
});

describe("a cause keeps its facts", () => {
  const refused = () => Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

  test("the cause and the code of an error that is not of ripvec", () => {
    const cause = causeAfter(new TypeError("fetch failed", { cause: refused() })) as Error;
    expect(cause).toMatchObject({ name: "TypeError", message: "fetch failed" });
    expect(cause).not.toHaveProperty("code");
    expect(cause.cause).toBeInstanceOf(Error);
    const facts = { name: "Error", message: "connect ECONNREFUSED", code: "ECONNREFUSED" };
    expect(cause.cause).toMatchObject(facts);
    expect(isRipvecError(cause.cause)).toBe(false);
  });

  test("an error of ripvec after one that is not", () => {
    const inner = new InputError("inner", { index: 3 });
    const cause = causeAfter(new TypeError("between", { cause: inner })) as Error;
    expect(cause.cause).toBeInstanceOf(InputError);
    expect(cause.cause).toMatchObject({ message: "inner", index: 3 });
  });

  test("an error of another realm, and a DOMException", () => {
    const foreign = runInNewContext(
      'Object.assign(new RangeError("far", { cause: new Error("farther") }), { code: "E" })',
    );
    expect(foreign instanceof Error).toBe(false);
    const cause = causeAfter(foreign) as Error;
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({ name: "RangeError", message: "far", code: "E" });
    expect(cause.cause).toMatchObject({ name: "Error", message: "farther" });
    const aborted = causeAfter(new DOMException("gone", "AbortError"));
    expect(aborted).toMatchObject({ name: "AbortError", message: "gone", code: 20 });
  });

  test.each([
    { name: "n", message: "m", code: "c" },
    { $: "RipvecError", name: "n", message: "m", code: "c" },
    { $: "Error", name: "n", message: "m" },
  ])("a plain object that was thrown stays one: %o", (thrown) => {
    expect(causeAfter(thrown)).toStrictEqual(thrown);
  });
});

describe("errorFromJSON throws only ArgumentError", () => {
  const json = (facts: object): unknown => ({
    name: "InputError",
    code: "INPUT",
    message: "m",
    ...facts,
  });
  const nested = (levels: number): unknown =>
    JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);

  function chain(causes: number, facts: object): unknown {
    let cause: object = {};
    for (let i = 0; i <= causes; i++) {
      cause = { ...facts, name: "E", code: "X", message: "m", ...(i > 0 && { cause }) };
    }
    return { ...cause, $: undefined };
  }

  test("for fields and causes nested too deep", () => {
    expect(errorFromJSON(json({ field: nested(32) }))).toMatchObject({ field: nested(32) });
    for (const levels of [33, 20_000]) {
      expect(() => errorFromJSON(json({ field: nested(levels) }))).toThrow(ArgumentError);
      expect(() => errorFromJSON(json({ cause: nested(levels) }))).toThrow(/deeper than 32 levels/);
    }
    for (const $ of ["RipvecError", "Error"]) {
      expect(() => errorFromJSON(chain(31, { $ }))).not.toThrow();
      for (const causes of [32, 20_000]) {
        expect(() => errorFromJSON(chain(causes, { $ }))).toThrow(ArgumentError);
      }
    }
  });

  test("for too many values, as a message with shared values has", () => {
    let field: unknown = "leaf";
    for (let i = 0; i < 20; i++) field = [field, field];
    expect(() => errorFromJSON(json({ field }))).toThrow(ArgumentError);
    expect(() => errorFromJSON(json({ field }))).toThrow(/more than 10000 values/);
  });

  test("and takes an unknown use of the key $ as a plain object", () => {
    const field = { $: { toString: 1, valueOf: 1 } };
    expect(errorFromJSON(json({ field }))).toMatchObject({ field });
  });

  test("and refuses an error that is not of ripvec", () => {
    const cause = Object.assign(new Error("m"), { code: "ENOENT" });
    const { cause: other } = new InputError("x", { cause }).toJSON();
    expect(other).toMatchObject({ code: "ENOENT" });
    expect(() => errorFromJSON(other)).toThrow(ArgumentError);
  });
});

test("a hostile name is printable, and fields cannot replace what every error has", () => {
  const hostile = { name: "a\u001b[2J", code: "X", message: "m", stack: "\u001b[2J", toString: 1 };
  const error = errorFromJSON(hostile);
  expect(error.name).toBe("a\\u{1b}[2J");
  expect(error.stack).not.toContain("\u001b");
  expect(String(error)).toBe("a\\u{1b}[2J: m");
  class Odd extends InputError {}
  expect(errorFromJSON(hostile, { "a\u001b[2J": Odd })).toBeInstanceOf(Odd);
});
