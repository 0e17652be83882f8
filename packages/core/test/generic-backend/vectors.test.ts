import { DeviceError, InputError, type LoadedModel } from "@ripvec/core";
import { expect, test } from "vitest";
import { encoding, toyBackend } from "../support/backend.js";
import { dim, expectedVector, toyModel } from "../support/toy-model.js";

const zeroForward: LoadedModel["forward"] = (ops, batch) =>
  ops.allocZeroed("f32", [batch.size, dim]);

const norm = (vector: Float32Array): number => Math.hypot(...vector);

test("dimensions keep the head as it is where the model does not normalise", async () => {
  const { backend } = await toyBackend({ options: { dimensions: 2 } });
  expect(backend.dim).toBe(2);
  const [vector] = await backend.embedBatch([encoding(7, 8)]);
  expect(vector).toEqual(expectedVector([7, 8]).slice(0, 2));
});

test("dimensions are normalised again where the model normalises", async () => {
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

test("all dimensions change nothing", async () => {
  const loaded = { normalized: true };
  const { backend } = await toyBackend({ options: { dimensions: dim }, loaded });
  expect(await backend.embedBatch([encoding(9)])).toEqual([expectedVector([9])]);
});

test("a head of zeros stays zeros", async () => {
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
  "a vector with %s is an error of its call",
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
    expect(hit).toMatchObject({ status: "rejected", reason: { code: "DEVICE", driver: "toy" } });
    expect(String((hit as PromiseRejectedResult).reason)).toMatch(
      /row 1 of a batch of 3.*element 2 is/,
    );
  },
);

test("a driver that returns too little is found out", async () => {
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
  expect(base).toBe("toy/mean/f32/4/cafe");
  expect(await print({ options: { maxTokens: 5, maxBatch: 2 } })).toBe(base);
  const dense = { type: "Dense", path: "2_Dense", config: {}, weights: toyModel("d00d").weights };
  const others = await Promise.all([
    print({ options: { model: toyModel("beef") } }),
    print({ options: { dimensions: 3 } }),
    print({ loaded: { signature: "toy/cls" } }),
    print({ loaded: { dtype: "f16" } }),
    print({ options: { model: { ...toyModel(), modules: [dense] } } }),
  ]);
  expect(new Set([base, ...others]).size).toBe(6);
  const capabilities = { weightDtypes: new Set(["f32", "i8"] as const) };
  expect(await print({ capabilities, options: { dtype: "f32" } })).toBe(base);
  const kept = await print({ capabilities, options: { dtype: "i8" } });
  expect(kept).toBe("toy/mean/f32/i8 weights/4/cafe");
});
