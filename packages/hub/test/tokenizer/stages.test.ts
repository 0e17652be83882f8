import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createNormalizer } from "../../src/tokenizer/normalizers/create-normalizer.js";
import { createPreTokenizer } from "../../src/tokenizer/pre-tokenizers/create-pre-tokenizer.js";
import { normalizerStages } from "../../src/tokenizer/stream/normalizer-stages.js";
import { preTokenizerStages } from "../../src/tokenizer/stream/pre-tokenizer-stages.js";
import { noSteps, type Stage, type Steps } from "../../src/tokenizer/stream/stage.js";
import { hostileText, partsOf, textKinds } from "../hostile-texts.js";

interface StepFixture {
  readonly steps: readonly {
    readonly kind: "normalizer" | "pre_tokenizer";
    readonly name: string;
    readonly step: unknown;
  }[];
}

const { steps }: StepFixture = JSON.parse(
  readFileSync(new URL("../fixtures/tokenizer-steps.json", import.meta.url), "utf8"),
);

/** Keeps the pieces that it is given. */
class Collector implements Stage {
  readonly pieces: string[] = [];
  #piece = "";

  text(part: string): Steps {
    this.#piece += part;
    return noSteps;
  }

  end(): Steps {
    this.pieces.push(this.#piece);
    this.#piece = "";
    return noSteps;
  }
}

function run(steps: Iterable<undefined>): void {
  for (const _ of steps);
}

function wholePieces(kind: string, step: unknown, text: string): readonly string[] {
  if (kind === "normalizer") return [createNormalizer(step)(text)];
  return createPreTokenizer(step)({ text, atStart: true }).map((piece) => piece.text);
}

function piecesOfParts(kind: string, step: unknown, parts: readonly string[]): readonly string[] {
  const collector = new Collector();
  const make =
    kind === "normalizer" ? normalizerStages(step) : preTokenizerStages(step)({ atStart: true });
  const stage = make(collector);
  for (const part of parts) run(stage.text(part));
  run(stage.end());
  return collector.pieces;
}

test.each(steps)("a text in parts gives the result of the whole: $kind $name", ({ kind, step }) => {
  for (const [seed, textKind] of textKinds.entries()) {
    const text = hostileText(textKind, 400, seed).replace(/\p{Surrogate}/gu, "\ufffd");
    const whole = wholePieces(kind, step, text);
    for (const most of [1, 150]) {
      const found = piecesOfParts(kind, step, partsOf(text, most, seed));
      expect(found.join("\u241e"), `${textKind}, ${most}`).toEqual(whole.join("\u241e"));
    }
  }
});

test("steps that keep making a text longer pause in between", () => {
  const double = { type: "Replace", pattern: { String: "x" }, content: "xx" };
  const normalizers = Array.from({ length: 40 }, () => double);
  let length = 0;
  const stage = normalizerStages({ type: "Sequence", normalizers })({
    text: (part) => {
      length += part.length;
      return noSteps;
    },
    end: () => noSteps,
  });
  for (const _ of stage.text("x".repeat(100))) if (length > 1_000_000) break;
  expect(length).toBeLessThan(1_100_000);
});
