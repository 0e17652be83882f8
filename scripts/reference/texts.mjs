/** Texts for comparing vectors: sentences in many languages, unusual texts, and seeded mixtures of every length. */
import { corners, sentences } from "./sentences.mjs";

/** A 32-bit xorshift, which gives the same numbers on every system. */
export function random(seed) {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function mixture(draw, words) {
  const parts = [];
  let count = 0;
  while (count < words) {
    const all = sentences[draw(sentences.length)].split(" ");
    const kept = all.slice(0, Math.max(1, Math.min(all.length, words - count)));
    parts.push(kept.join(" "));
    count += kept.length;
    if (draw(6) === 0) parts.push(corners[draw(corners.length)]);
  }
  return parts.join([" ", " ", "\n", "  "][draw(4)]);
}

/** The number of words of a mixture: mostly few, as in queries, and sometimes more than any limit. */
const lengths = [1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 140, 200, 300, 420, 600];

/** At least 300 texts. The unusual texts and the plain sentences come first. */
export function sampleTexts() {
  const draw = random(20261130);
  const fixed = [...corners, ...sentences];
  const mixtures = Array.from({ length: Math.max(200, 320 - fixed.length) }, (_, i) =>
    mixture(draw, lengths[i % lengths.length]),
  );
  return [...fixed, ...mixtures];
}

/** Every n-th text, which keeps all kinds and lengths. For models whose reference is slow. */
export function someTexts(count) {
  const all = sampleTexts();
  const step = all.length / count;
  return Array.from({ length: Math.min(count, all.length) }, (_, i) => all[Math.floor(i * step)]);
}
