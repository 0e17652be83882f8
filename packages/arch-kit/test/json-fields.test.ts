import { expect, it } from "vitest";
import { JsonFields } from "../src/index.js";

const json = new JsonFields("m/config.json", {
  rope_parameters: { full_attention: { rope_theta: 160000 } },
  hidden_size: 12,
  n_embd: null,
  activation: "geglu",
});

it("reads a field under any of its names; null counts as absent", () => {
  expect(json.count(json.firstOf("n_embd", "hidden_size"))).toBe(12);
  expect(() => json.count(json.firstOf("n_embd", "d_model"))).toThrow(
    "m/config.json: n_embd must be a positive whole number, got nothing",
  );
  expect(json.count("n_embd", 7)).toBe(7);
  expect(json.get("n_embd")).toBeUndefined();
});

it("reads nested objects, and names their place", () => {
  const rope = json.fields("rope_parameters").fields("full_attention");
  expect(rope.positive("rope_theta")).toBe(160000);
  expect(() => rope.text("rope_type")).toThrow(
    "m/config.json, rope_parameters, full_attention: rope_type must be a string, got nothing",
  );
  expect(json.fields("absent").positive("rope_theta", 5)).toBe(5);
  expect(() => json.fields("hidden_size")).toThrow("hidden_size must be an object, got 12");
});

it("accepts one of several words and refuses any other by name", () => {
  expect(json.oneOf("activation", ["geglu", "swiglu"])).toBe("geglu");
  expect(json.oneOf("absent", ["a", "b"], "b")).toBe("b");
  expect(() => json.oneOf("activation", ["gelu"], "gelu")).toThrow(
    'unsupported activation "geglu"; supported: gelu',
  );
});
