import { afterEach, expect, test, vi } from "vitest";
import { normalForm } from "../../src/tokenizer/unicode/normal-form.js";
import { normalizeParts } from "../../src/tokenizer/unicode/normalize-parts.js";
import { hostileText, textKinds } from "../hostile-texts.js";

const forms = ["NFC", "NFD", "NFKC", "NFKD"] as const;

afterEach(() => vi.restoreAllMocks());

test.each(forms)("%s of long runs of marks equals the engine's", (form) => {
  for (const [seed, kind] of textKinds.entries()) {
    for (const start of ["", "e", "ế", "\u1100\u1161", "中\u0345"]) {
      const text = start + hostileText(kind, 900, seed).replace(/\p{Surrogate}/gu, "\ufffd");
      expect(normalForm(text, form), `${kind} after ${start}`).toBe(normalizeParts(text, form));
    }
  }
});

test.each(["NFKC", "NFKD"] as const)(
  "%s of letters that become marks takes linear time too",
  (form) => {
    const normalize = vi.spyOn(String.prototype, "normalize");
    const text = `e${"\u0301\uff9e".repeat(2_000)}`;
    const result = normalForm(text, form);
    const longest = normalize.mock.contexts.reduce<number>(
      (most, given) => Math.max(most, String(given).length),
      0,
    );
    expect(longest).toBeLessThan(1_000);
    expect(result).toBe(normalizeParts(text, form));
  },
);

test.each(forms)(
  "%s gives the engine no long run of marks, which it sorts in quadratic time",
  (form) => {
    const normalize = vi.spyOn(String.prototype, "normalize");
    const text = `e${"\u0301\u0316\u0327\u05b4".repeat(25_000)}`;
    const result = normalForm(text, form);
    const longest = normalize.mock.contexts.reduce<number>(
      (most, given) => Math.max(most, String(given).length),
      0,
    );
    expect(longest).toBeLessThan(1_000);
    const composed = form.endsWith("C") ? -1 : 0;
    expect(result.length).toBe(text.length + composed);
  },
);
