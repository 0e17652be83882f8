import { DeviceError, type GenericBackendOptions, InputError } from "@ripvec/core";
import type { LoadedModel } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { encoding, toyBackend } from "../support/backend.js";
import { dim, expectedVector, toyModel } from "../support/toy-model.js";

const zeroForward: LoadedModel["forward"] = (ops, batch) =>
  ops.allocZeroed("f32", [batch.size, dim]);

const norm = (vector: Float32Array): number => Math.hypot(...vector);

test("dimensions keeps the first values unchanged if the model does not normalise", async () => {
  const { backend } = await toyBackend({ options: { dimensions: 2 } });
  expect(backend.dim).toBe(2);
  const [vector] = await backend.embedBatch([encoding(7, 8)]);
  expect(vector).toEqual(expectedVector([7, 8]).slice(0, 2));
});

test("dimensions normalises again if the model normalises", async () => {
  const { backend } = await toyBackend({
    options: { dimensions: 3 },
    loaded: { normalized: true },
  });
  const [vector = new Float32Array()] = await backend.embedBatch([encoding(7, 8)]);
  const head = expectedVector([7, 8]).slice(0, 3);
  expect(norm(vector)).toBeCloseTo(1, 6);
  vector.forEach((value, i) => {
    expect(value).toBeCloseTo((head[i] ?? 0) / norm(head), 6);
  });
});

describe("truncateDim of the model", () => {
  const shortened = async (
    options: Partial<GenericBackendOptions>,
    truncateDim = 3,
    normalized = true,
  ) => {
    const model = { ...toyModel(), truncateDim };
    const { backend } = await toyBackend({
      options: { model, ...options },
      loaded: { normalized },
    });
    const [vector = new Float32Array()] = await backend.embedBatch([encoding(7, 8)]);
    return { vector, fingerprint: await backend.fingerprint() };
  };
  const whole = expectedVector([7, 8]);

  test("keeps the first values unchanged", async () => {
    expect((await shortened({})).vector).toEqual(whole.slice(0, 3));
    expect((await shortened({}, 99)).vector).toEqual(whole);
  });

  test("dimensions overrides it", async () => {
    expect((await shortened({ dimensions: 2, renormalize: false })).vector).toEqual(
      whole.slice(0, 2),
    );
    expect((await shortened({ dimensions: dim })).vector).toEqual(whole);
  });

  test.each([
    [{}, false],
    [{ renormalize: true }, true],
    [{ normalize: true }, true],
    [{ normalize: true, renormalize: false }, false],
    [{ dimensions: 3 }, true],
    [{ dimensions: 3, renormalize: false }, false],
  ])("%o: scaled again is %s", async (options, scaled) => {
    const { vector, fingerprint } = await shortened(options);
    if (scaled) expect(norm(vector)).toBeCloseTo(1, 6);
    else expect(vector).toEqual(whole.slice(0, 3));
    const cut = (await shortened({ dimensions: 3, renormalize: false })).fingerprint;
    expect(fingerprint === cut).toBe(!scaled);
  });

  test("never scales vectors that the model does not normalise", async () => {
    const options = { dimensions: 3, renormalize: true };
    expect((await shortened(options, 3, false)).vector).toEqual(whole.slice(0, 3));
  });

  test.each([0, -1, 1.5, Number.NaN, "3", null])("%s is a bad file", async (truncateDim) => {
    await expect(shortened({}, truncateDim as number)).rejects.toMatchObject({
      code: "MODEL_FILE",
      path: "toy/config_sentence_transformers.json",
    });
  });
});

test("all dimensions change nothing", async () => {
  const loaded = { normalized: true };
  const { backend } = await toyBackend({ options: { dimensions: dim }, loaded });
  expect(await backend.embedBatch([encoding(9)])).toEqual([expectedVector([9])]);
});

test("first values that are zeros stay zeros", async () => {
  const zeros = { normalized: true, forward: zeroForward };
  const { backend } = await toyBackend({ options: { dimensions: 2 }, loaded: zeros });
  expect(await backend.embedBatch([encoding(1)])).toEqual([new Float32Array(2)]);
});

test.each([0, -1, 1.5, 5, Number.NaN])(
  "refuses %s dimensions and closes the driver",
  async (dimensions) => {
    await expect(toyBackend({ options: { dimensions } })).rejects.toThrow(InputError);
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY])(
  "a vector with %s rejects its call",
  async (value) => {
    const { backend, log } = await toyBackend();
    log.answer = (bytes) => {
      new Float32Array(bytes)[1 * dim + 2] = value;
      return bytes;
    };
    const [before, hit, after] = await Promise.allSettled([
      backend.embedBatch([encoding(1)]),
      backend.embedBatch([encoding(2)]),
      backend.embedBatch([encoding(3)]),
    ]);
    expect(log.passes).toEqual([[1, 1, 1]]);
    expect(before.status).toBe("fulfilled");
    expect(after.status).toBe("fulfilled");
    const reason = {
      code: "DEVICE",
      name: "NotFiniteError",
      driver: "toy",
      index: 0,
      element: 2,
      value,
    };
    expect(hit).toMatchObject({ status: "rejected", reason });
  },
);

test("the error for a vector with NaN names its position in the call, whatever batch it was in", async () => {
  const { backend, log } = await toyBackend({ options: { maxBatch: 3 } });
  // 5 + 4 encodings in batches of 3: the third batch's first two rows are rows 1 and 2 of the second call.
  log.answer = (bytes, pass) => {
    if (pass === 2) new Float32Array(bytes)[1 * dim] = Number.NaN;
    return bytes;
  };
  const ids = (...all: number[]) => all.map((id) => encoding(id));
  const [first, second] = await Promise.allSettled([
    backend.embedBatch(ids(1, 2, 3, 4, 5)),
    backend.embedBatch(ids(6, 7, 8, 9)),
  ]);
  expect(log.passes).toHaveLength(3);
  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({
    reason: { index: 2, message: "toy: the vector of encoding 2 is not finite: element 0 is NaN" },
  });
});

test("with activations in f16 the error names the likely cause and what to do", async () => {
  const capabilities = { dtypes: new Set(["f32", "f16"] as const) };
  const { backend, log } = await toyBackend({ capabilities, options: { activations: "f16" } });
  log.answer = (bytes) => {
    new Float32Array(bytes)[2] = Number.NaN;
    return bytes;
  };
  await expect(backend.embedBatch([encoding(1)])).rejects.toMatchObject({
    name: "NotFiniteError",
    activations: "f16",
    message:
      'toy: the vector of encoding 0 is not finite: element 2 is NaN. An activation is probably beyond 65,504, the largest number of f16: create the backend with activations: "f32"',
  });
});

test("a driver that returns too few values is a DeviceError", async () => {
  const { backend, log } = await toyBackend();
  log.answer = (bytes) => bytes.slice(4);
  await expect(backend.embedBatch([encoding(1)])).rejects.toThrow(DeviceError);
});

test("the fingerprint changes with weights, model and length, not with the limits", async () => {
  const print = async (setup: Parameters<typeof toyBackend>[0]): Promise<string> => {
    const { backend } = await toyBackend(setup);
    return backend.fingerprint();
  };
  const base = await print({});
  expect(base).toBe("v2/toy/mean/f32/4/cafe");
  expect(await print({ options: { maxTokens: 5, maxBatch: 2 } })).toBe(base);
  const dense = { type: "Dense", path: "2_Dense", config: {}, weights: toyModel("d00d").weights };
  const others = await Promise.all([
    print({ options: { model: toyModel("beef") } }),
    print({ options: { dimensions: 3 } }),
    print({ loaded: { signature: "toy/cls" } }),
    print({
      capabilities: { dtypes: new Set(["f32", "f16"] as const) },
      options: { activations: "f16" },
    }),
    print({ options: { model: { ...toyModel(), modules: [dense] } } }),
  ]);
  expect(new Set([base, ...others]).size).toBe(6);
  const capabilities = { weightDtypes: new Set(["f32", "i8"] as const) };
  expect(await print({ capabilities, options: { dtype: "f32" } })).toBe(base);
  const kept = await print({ capabilities, options: { dtype: "i8" } });
  expect(kept).toBe("v2/toy/mean/f32/i8 weights/4/cafe");
});
