import { isDeepStrictEqual } from "node:util";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import * as core from "@ripvec/core";
import { errorFromJSON, isRipvecError, RipvecError } from "@ripvec/core";
import fc, { type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";

/** Plain data with what JSON lacks, and with keys that the encoding uses itself. */
const data = fc.anything({
  withBigInt: true,
  key: fc.oneof(fc.string(), fc.constantFrom("$", "$$", "name", "__proto__")),
});
const text = fc.string({ unit: "binary" });
const number = fc.double();
const facts = { op: text, argument: text };
const cause = fc.option(
  fc.oneof(
    data,
    text.map((message) => new SyntaxError(message)),
  ),
);
/** An optional fact: with a value, or undefined. */
const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

/** Errors of each class. Types of optional facts exclude undefined, which plain JavaScript may pass. */
const make: Readonly<Record<string, Arbitrary<RipvecError>>> = {
  AliasError: fc.record({ ...facts, output: text }).map((all) => new core.AliasError(all)),
  ArgumentError: fc.record({ ...facts, reason: text }).map((all) => new core.ArgumentError(all)),
  ClosedError: text.map((what) => new core.ClosedError(what)),
  DeviceError: fc.record({ text, cause }).map(({ text: message, cause }) => {
    return new core.DeviceError("cpu", message, { cause });
  }),
  DriverUnavailableError: fc
    .record({ driver: text, tried: fc.array(text), remedy: text, cause })
    .map((all) => new core.DriverUnavailableError(all)),
  DTypeError: fc
    .record({ ...facts, expected: fc.array(text), actual: text })
    .map((all) => new core.DTypeError(all)),
  InputError: fc
    .record({ text, index: maybe(fc.integer()), cause })
    .map(({ text: message, ...rest }) => new core.InputError(message, rest as never)),
  ModelFileError: fc
    .record({ text, path: maybe(text), tensor: maybe(text), cause })
    .map(({ text: message, ...rest }) => new core.ModelFileError(message, rest as never)),
  NotFiniteError: fc
    .record({ index: fc.integer(), element: fc.integer(), value: number })
    .map((all) => new core.NotFiniteError("cpu", { item: "text", ...all })),
  RipvecError: fc.record({ text, cause }).map(({ text: message, cause }) => {
    return new RipvecError("DEVICE", message, { cause });
  }),
  ShapeError: fc
    .record({ ...facts, expected: data, actual: data })
    .map((all) => new core.ShapeError(all as never)),
  SpecVersionError: fc
    .record({ driver: text, expected: number, actual: data })
    .map((all) => new core.SpecVersionError(all as never)),
  TensorStateError: fc
    .record({ ...facts, reason: text })
    .map((all) => new core.TensorStateError(all)),
  TooLongError: fc
    .record({
      index: fc.integer(),
      tokens: fc.integer(),
      maxTokens: number,
      isLowerBound: fc.boolean(),
    })
    .map((all) => new core.TooLongError(all)),
  UnsupportedError: fc
    .record({
      what: text,
      value: data,
      supported: fc.array(text),
      remedy: maybe(text),
    })
    .map((all) => new core.UnsupportedError(all as never)),
};

const isErrorClass = (value: unknown): boolean =>
  value === RipvecError || (typeof value === "function" && value.prototype instanceof RipvecError);

const classes = Object.entries(core).filter(([, value]) => isErrorClass(value));

/** Through JSON text, and through the structured clone of a message. */
function sent(error: RipvecError): unknown[] {
  const { port1, port2 } = new MessageChannel();
  try {
    port1.postMessage(error.toJSON());
    return [JSON.parse(JSON.stringify(error)), receiveMessageOnPort(port2)?.message];
  } finally {
    port1.close();
  }
}

/** All that there is to see of an error but its stack. */
const seen = (error: Error): object => ({
  ...error,
  name: error.name,
  message: error.message,
  prototype: Object.getPrototypeOf(error),
  ...("cause" in error && { cause: seenCause(error.cause) }),
});

const seenCause = (cause: unknown): unknown => {
  if (isRipvecError(cause)) return seen(cause);
  return cause instanceof Error ? [cause.name, cause.message] : cause;
};

/** Without fields that are undefined: they are absent afterwards. */
const defined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

describe("an error survives JSON and postMessage", () => {
  test.each(classes)("%s, with every field", (name, type) => {
    const errors = make[name];
    if (!errors) throw new Error(`no example of ${name}`);
    fc.assert(
      fc.property(errors, (error) => {
        expect(error.name).toBe(name);
        for (const json of sent(error)) {
          const revived = errorFromJSON(json);
          expect(isRipvecError(revived)).toBe(true);
          expect(revived).toBeInstanceOf(type);
          const [got, want] = [defined(seen(revived)), defined(seen(error))];
          if (!isDeepStrictEqual(got, want)) expect(got).toStrictEqual(want);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("with its chain of causes", () => {
    const first = new TypeError("fetch failed");
    const second = new core.ModelFileError("is missing", { path: "a", cause: first });
    const error = new core.InputError("no model", { cause: second });
    for (const json of sent(error)) {
      const revived = errorFromJSON(json);
      expect(revived.cause).toBeInstanceOf(core.ModelFileError);
      expect(revived.cause).toMatchObject({ code: "MODEL_FILE", path: "a" });
      expect((revived.cause as Error).cause).toBeInstanceOf(Error);
      expect((revived.cause as Error).cause).toMatchObject({
        name: "TypeError",
        message: "fetch failed",
      });
    }
  });
});

test("a shortened message is not shortened again", () => {
  const error = new core.ClosedError(`backend ${"x".repeat(9_000)}`);
  expect(error.message.length).toBeGreaterThan(4_000);
  expect(errorFromJSON(error.toJSON()).message).toBe(error.message);
});

test("JSON.stringify of an error is readable", () => {
  const error = new core.InputError("text 3: has no tokens", { index: 3 });
  expect(JSON.stringify(error)).toBe(
    '{"name":"InputError","code":"INPUT","message":"text 3: has no tokens","index":3}',
  );
  const notFinite = { item: "text", index: 1, element: 0, value: Number.NaN } as const;
  expect(new core.NotFiniteError("cpu", notFinite).toJSON()).toMatchObject({ value: { $: "NaN" } });
});

class ForeignError extends RipvecError {
  override readonly name = "ForeignError";
  readonly status = 404;
}

test("an error of another package keeps name, code and fields, and its class if that is given", () => {
  const json = new ForeignError("DOWNLOAD", "gone").toJSON();
  const unknown = errorFromJSON(json);
  expect(unknown).toMatchObject({ name: "ForeignError", code: "DOWNLOAD", status: 404 });
  expect(unknown).toBeInstanceOf(RipvecError);
  expect(errorFromJSON(json, { ForeignError })).toBeInstanceOf(ForeignError);
  const outer = new core.InputError("no model", { cause: new ForeignError("DOWNLOAD", "gone") });
  expect(errorFromJSON(outer.toJSON(), { ForeignError }).cause).toBeInstanceOf(ForeignError);
});

test("fields that are not plain data, are cyclic or are nested deeply become text", () => {
  const endless: Record<string, unknown> = { date: new Date(0), call: () => 0 };
  endless.self = endless;
  const sentValue = (value: unknown) =>
    (
      errorFromJSON(
        new core.UnsupportedError({ what: "x", value, supported: [] }).toJSON(),
      ) as core.UnsupportedError
    ).value;
  expect(sentValue(endless)).toEqual({
    date: "[object Date]",
    call: "[object Function]",
    self: "[object Object]",
  });
  const deep = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
  expect(JSON.stringify(sentValue(deep))).toBe(
    `${"[".repeat(32)}"[object Array]"${"]".repeat(32)}`,
  );
});

test("errorFromJSON refuses other values, and hostile JSON does no harm", () => {
  for (const json of [
    undefined,
    null,
    "x",
    [],
    {},
    { name: "Error", message: "x" },
    new Error("x"),
  ]) {
    expect(() => errorFromJSON(json)).toThrow(core.ArgumentError);
  }
  const hostile =
    '{"name":"__proto__","code":"X","message":"a\\u001b[2J","__proto__":{"polluted":1}}';
  const error = errorFromJSON(JSON.parse(hostile));
  expect(error.message).toBe("a\\u{1b}[2J");
  expect(error).toBeInstanceOf(RipvecError);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});
