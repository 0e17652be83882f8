/** Decides whether results agree. */

/** The limit of 1 − cos in f32. The same arithmetic in another order gives 1e-12 on these models. */
const cosineLimit = 1e-6;
/** The corresponding relative length of the difference: √(2 · 1e-6), rounded down. */
const relativeLimit = 1e-3;

const brief = (text) => text.split("\n")[0].slice(0, 160);

/** `{ ok, note }` for one model directory. */
export function judgeVectors(entry, result) {
  if (entry.error) return { ok: false, note: `could not be made: ${brief(entry.error)}` };
  if (result.crash) return { ok: false, note: `untyped error: ${brief(result.crash)}` };
  if (result.refused) {
    const ok = entry.expect === "refused" || result.referenceError !== undefined;
    return { ok, note: `refused: ${brief(result.refused)}` };
  }
  if (result.accepted)
    return { ok: false, note: `accepted; the reference says: ${brief(result.referenceError)}` };
  const { f32 } = result.dtypes;
  const carried = entry.basis !== "transplanted" || result.carried <= cosineLimit;
  const agrees = f32.cosine <= cosineLimit && f32.relative <= relativeLimit;
  const ok = entry.expect !== "refused" && result.tokenMismatches === 0 && agrees && carried;
  const others = Object.entries(result.dtypes).map(
    ([dtype, { cosine }]) => `${dtype} ${cosine.toExponential(1)}`,
  );
  const tokens = `${result.texts} texts, ${result.tokenMismatches} with other tokens`;
  return {
    ok,
    note: `${tokens}; 1 − cos: ${others.join(", ")}${carried ? "" : "; not MiniLM's vectors"}`,
  };
}

/** `{ ok, note }` for one tokenizer. Files that no class of transformers writes may be refused. */
export function judgeTokens(entry, result) {
  if (entry.error) return { ok: false, note: `could not be made: ${brief(entry.error)}` };
  if (result.crash) return { ok: false, note: `untyped error: ${brief(result.crash)}` };
  if (result.refused) {
    const ok = entry.basis === "trained" && !entry.auto;
    return { ok, note: `refused: ${brief(result.refused)}` };
  }
  if (result.accepted)
    return { ok: false, note: `accepted; the reference says: ${brief(result.referenceError)}` };
  const example = result.examples
    ? `, such as ${JSON.stringify(result.examples[0].slice(0, 40))}`
    : "";
  return {
    ok: result.mismatches === 0,
    note: `${result.mismatches} of ${result.texts} texts differ${example}`,
  };
}
