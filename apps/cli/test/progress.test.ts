import { expect, test } from "vitest";
import { Progress, progressLine, type Work } from "../src/progress.js";
import { fakeIo } from "./support/fake-io.js";

const state = {
  label: "searching",
  noun: "passages",
  texts: 1204,
  tokens: 412_000,
  elapsedMs: 10_000,
  fraction: 0.4,
};

test("the line shows rates and the remaining time", () => {
  expect(progressLine(state, 120, false)).toBe(
    `searching ${"━".repeat(10)}${"─".repeat(14)} 40 % · 1,204 passages · 120 passages/s · 41.2k tokens/s · ETA 0:15`,
  );
});

test("without a total, there is neither a bar nor an ETA", () => {
  expect(progressLine({ ...state, fraction: undefined }, 120, false)).toBe(
    "searching · 1,204 passages · 120 passages/s · 41.2k tokens/s",
  );
});

test("a narrow terminal gets at most one line", () => {
  expect(progressLine(state, 40, false).length).toBeLessThan(40);
});

test("nothing is written when standard error is not a terminal", () => {
  const io = fakeIo();
  const progress = new Progress(io, { label: "embedding" });
  progress.update({ texts: 1, tokens: 1 });
  progress.clear();
  expect(io.err()).toBe("");
});

test("the line is redrawn at most ten times a second, and removed at the end", () => {
  const io = fakeIo({ terminals: ["stderr"], env: { NO_COLOR: "1" } });
  let now = 0;
  const progress = new Progress(io, { label: "embedding", now: () => now });
  for (now = 0; now < 1000; now += 10) progress.update({ texts: now, tokens: now });
  expect(io.err().match(/\r/g)?.length).toBe(10);
  progress.clear();
  expect(io.err().endsWith("\r\x1b[K")).toBe(true);
});

test.each([
  [[], "about 340 of 1000\n"],
  [["stderr"] as const, ""],
])("with standard error %j, a wait of 5 s gives one message: %j", (terminals, said) => {
  const io = fakeIo({ terminals });
  let now = 0;
  const longWait = ({ texts }: Work) => `about ${texts} of 1000`;
  const progress = new Progress(io, { label: "searching", longWait, now: () => now });
  for (now = 0; now < 5000; now += 100) progress.update({ texts: now, tokens: 1 });
  if (terminals.length === 0) expect(io.err()).toBe("");
  for (const texts of [340, 350]) progress.update({ texts, tokens: 1 });
  if (terminals.length === 0) expect(io.err()).toBe(said);
  else expect(io.err()).not.toContain("of 1000");
});
