const stopWords = new Set(
  (
    "a an and are as at be between but by can do does for from has have how i if in into is it its not of on or " +
    "that the their then there these this to was what when where which who why will with you your"
  ).split(" "),
);

/** The most words that are marked in hits. Each takes time on each line. */
const maxWords = 64;
const longestWord = 64;
const shortestStem = 4;

const runs = /[\p{L}\p{N}]+/gu;
const camelParts = /(?:\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+)\p{N}*/gu;
const endings = /^(e[drs]?|ers|s|ings?|ions?|ations?|able|y|ies)?$/;

interface QueryWord {
  readonly word: string;
  readonly stem: string;
}

/** The first words of a query that are worth marking, with their stems: "tensors" with "tensor". */
export function queryWords(query: string): QueryWord[] {
  const words = new Set<string>();
  for (const [word] of query.toLowerCase().matchAll(runs)) {
    if (words.size === maxWords) break;
    const isSpecific = word.length > 1 && word.length <= longestWord && !stopWords.has(word);
    if (isSpecific) words.add(word);
  }
  return [...words].map((word) => ({ word, stem: stem(word) }));
}

function stem(word: string): string {
  const shorter = word.replace(/(ations?|ing|ed|es|s|e)$/, "");
  return shorter.length >= shortestStem ? shorter : word;
}

/**
 * Marks the words of a text that are another form of one of the query's words ("recycles" for
 * "recycled"), or begin with one of its long words. The parts of `allocTensor` are words too.
 */
export function markWords(
  text: string,
  words: readonly QueryWord[],
  mark: (word: string) => string,
): string {
  if (words.length === 0) return text;
  const isWanted = (found: string): boolean => {
    const lower = found.toLowerCase();
    return words.some((wanted) => isForm(lower, wanted));
  };
  return text.replace(runs, (run) =>
    isWanted(run)
      ? mark(run)
      : run.replace(camelParts, (part) => (isWanted(part) ? mark(part) : part)),
  );
}

function isForm(found: string, { word, stem }: QueryWord): boolean {
  if (word.length < shortestStem) return found === word;
  if (found.startsWith(word)) return true;
  return found.startsWith(stem) && endings.test(found.slice(stem.length));
}
