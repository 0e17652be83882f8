import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createNormalizer } from "../../src/tokenizer/normalizers/create-normalizer.js";
import { createPreTokenizer } from "../../src/tokenizer/pre-tokenizers/create-pre-tokenizer.js";

interface Fixture {
  readonly separator: string;
  readonly texts: readonly string[];
  readonly steps: readonly {
    readonly kind: "normalizer" | "pre_tokenizer";
    readonly name: string;
    readonly step: unknown;
    /** For the last of the texts, as many as there are. */
    readonly expected: readonly string[];
    /** Digests of the results for every code point. */
    readonly digest?: string;
  }[];
}

/** The results of the Rust library for these texts; see scripts/reference/tokenizers. */
const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../fixtures/tokenizer-steps.json", import.meta.url), "utf8"),
);

function runner(kind: "normalizer" | "pre_tokenizer", step: unknown): (text: string) => string {
  if (kind === "normalizer") return createNormalizer(step);
  const cut = createPreTokenizer(step);
  return (text) =>
    cut({ text, atStart: true })
      .map((piece) => piece.text)
      .join(fixture.separator);
}

/** Texts of 4096 code points each, separated by an `x` and a space. */
function everyCodePoint(): string[] {
  const texts: string[] = [];
  for (let start = 0; start < 0x110000; start += 4096) {
    let text = "";
    for (let code = start; code < start + 4096; code++) {
      if (code < 0xd800 || code > 0xdfff) text += `x${String.fromCodePoint(code)} `;
    }
    if (text !== "") texts.push(text);
  }
  return texts;
}

describe("steps equal the reference", () => {
  test.each(fixture.steps)("$kind $name", ({ kind, step, expected }) => {
    const run = runner(kind, step);
    expect(fixture.texts.slice(-expected.length).map(run)).toEqual(expected);
  });
});

describe("steps equal the reference on every code point", () => {
  const texts = everyCodePoint();
  const steps = fixture.steps.filter(({ digest }) => digest !== undefined);
  test.each(steps)("$kind $name", ({ kind, step, digest }) => {
    const outputs = texts.map(runner(kind, step)).join("\n");
    expect(createHash("sha256").update(outputs).digest("hex")).toBe(digest);
  });
});
