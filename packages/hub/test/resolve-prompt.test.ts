import { expect, test } from "vitest";
import { resolvePrompt } from "../src/index.js";

const model = { id: "m", prompts: { query: "query: ", passage: "passage: " } };

test("prompts are found by name, by default, or absent", () => {
  expect(resolvePrompt(model, "query")).toBe("query: ");
  expect(resolvePrompt(model)).toBe("");
  expect(resolvePrompt({ ...model, defaultPromptName: "passage" })).toBe("passage: ");
  expect(resolvePrompt({ ...model, defaultPromptName: "passage" }, "query")).toBe("query: ");
});

test("every model has the names query and document, as in sentence-transformers 6", () => {
  expect(resolvePrompt({ id: "m", prompts: {} }, "query")).toBe("");
  expect(resolvePrompt(model, "document")).toBe("");
});

test("an unknown name lists the known ones", () => {
  expect(() => resolvePrompt(model, "toString")).toThrow(
    /"toString"; known prompts: "query", "passage"/,
  );
  expect(() => resolvePrompt({ id: "m", prompts: {} }, "passage")).toThrow(
    expect.objectContaining({
      code: "INPUT",
      message: expect.stringContaining("it has no prompts"),
    }),
  );
});
