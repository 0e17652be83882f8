/** The prompts for the query and the passages of a search, if the model has them. */
export function searchPrompts(prompts: Readonly<Record<string, string>>): {
  query: string;
  passage: string;
} {
  const first = (...names: string[]): string =>
    names.map((name) => prompts[name]).find((text) => text !== undefined) ?? "";
  return {
    query: first("query", "search_query"),
    passage: first("passage", "document", "search_document"),
  };
}
