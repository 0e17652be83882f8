const stopWords = new Set(
  (
    "a an and are as at be between but by can do does for from has have how i if in into is it its not of on or " +
    "that the their then there these this to was what when where which who why will with you your"
  ).split(" "),
);

/** They only mark words in hits. Each costs time on each line, and a pattern of any length would not compile. */
const mostStems = 64;
const longestWord = 64;

/** The first words of a query that are worth marking, as stems: "tensors" gives "tensor". */
export function queryStems(query: string): string[] {
  const stems = new Set<string>();
  for (const [word] of query.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)) {
    if (stems.size === mostStems) break;
    const isTelling = word.length > 1 && word.length <= longestWord && !stopWords.has(word);
    if (isTelling) stems.add(stem(word));
  }
  return [...stems];
}

function stem(word: string): string {
  const shorter = word.replace(/(ations?|ing|ed|es|s|e)$/, "");
  return shorter.length >= 4 ? shorter : word;
}

/** Finds the stems in a text: long ones anywhere (`allocTensor`), short ones as the start of a word. */
export function stemPattern(stems: readonly string[]): RegExp | undefined {
  if (stems.length === 0) return undefined;
  const parts = [...stems]
    .sort((a, b) => b.length - a.length)
    .map((part) =>
      part.length >= 4 ? `${part}\\p{L}*` : `(?<![\\p{L}\\p{N}])${part}(?![\\p{L}\\p{N}])`,
    );
  return new RegExp(parts.join("|"), "giu");
}
