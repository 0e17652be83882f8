/**
 * Softmax over the visible keys. A hidden key gets exactly 0, and a row without a visible key gets zeros. In `magnitude`
 * [keys], an error ε of a score changes its probability p by p·ε, and errors of scores are proportional to
 * `scoreMagnitude`.
 */
export function softmax(
  scores: Float64Array,
  visible: (key: number) => boolean,
  scoreMagnitude: Float64Array,
): { probabilities: Float64Array; magnitude: Float64Array } {
  const probabilities = new Float64Array(scores.length);
  const magnitude = new Float64Array(scores.length);
  let largest = Number.NEGATIVE_INFINITY;
  let largestMagnitude = 0;
  scores.forEach((score, key) => {
    if (!visible(key)) return;
    largest = Math.max(largest, score);
    largestMagnitude = Math.max(largestMagnitude, scoreMagnitude[key] as number);
  });
  let sum = 0;
  scores.forEach((score, key) => {
    if (!visible(key)) return;
    probabilities[key] = Math.exp(score - largest);
    sum += probabilities[key] as number;
  });
  scores.forEach((_, key) => {
    if (!visible(key)) return;
    const probability = (probabilities[key] as number) / sum;
    probabilities[key] = probability;
    magnitude[key] = probability * (1 + 2 * largestMagnitude);
  });
  return { probabilities, magnitude };
}
