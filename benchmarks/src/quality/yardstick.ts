import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Judged } from "./metrics.js";

export interface Entry {
  readonly id: string;
  readonly text: string;
}

/** Documents, queries, and the judgements of which document answers which query. */
export interface Yardstick {
  readonly name: string;
  readonly documents: readonly Entry[];
  /** The queries that have judgements. */
  readonly queries: readonly Entry[];
  /** Judgements by the id of the query. */
  readonly judgements: ReadonlyMap<string, Judged>;
}

/**
 * Reads a folder in the layout of BEIR: corpus.jsonl and queries.jsonl with `_id` (or `id`),
 * `title` and `text` in each line, and qrels.tsv with a header line, then query, document and
 * relevance. A title is put before its text, separated by a space, as in BEIR. Throws when a line
 * has no id or no text, when an id occurs twice, and for judgements of missing entries.
 */
export async function readYardstick(name: string, directory: string): Promise<Yardstick> {
  const read = (file: string) => readFile(join(directory, file), "utf8");
  const documents = entries("corpus.jsonl", await read("corpus.jsonl"));
  const queries = entries("queries.jsonl", await read("queries.jsonl"));
  const judgements = judgementsOf(await read("qrels.tsv"));
  expectKnown(
    "document",
    documents,
    [...judgements.values()].flatMap((judged) => [...judged.keys()]),
  );
  expectKnown("query", queries, judgements.keys());
  return { name, documents, queries: queries.filter(({ id }) => judgements.has(id)), judgements };
}

const linesOf = (text: string): string[] => text.split("\n").filter((line) => line !== "");

function entries(file: string, text: string): Entry[] {
  const found = linesOf(text).map((line) => entry(file, JSON.parse(line)));
  if (new Set(found.map(({ id }) => id)).size < found.length)
    throw new Error(`${file} has an id twice`);
  return found;
}

function entry(file: string, fields: Readonly<Record<string, unknown>>): Entry {
  const id = fields._id ?? fields.id;
  const { title = "", text } = fields;
  if (typeof id !== "string" || typeof title !== "string" || typeof text !== "string")
    throw new Error(`${file} has a line without id or text`);
  return { id, text: `${title} ${text}`.trim() };
}

function judgementsOf(text: string): Map<string, Map<string, number>> {
  const judgements = new Map<string, Map<string, number>>();
  for (const line of linesOf(text).slice(1)) {
    const [query = "", document = "", relevance] = line.split("\t");
    const judged = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, judged.set(document, Number(relevance)));
  }
  return judgements;
}

function expectKnown(kind: string, known: readonly Entry[], wanted: Iterable<string>): void {
  const ids = new Set(known.map(({ id }) => id));
  for (const id of wanted)
    if (!ids.has(id)) throw new Error(`qrels.tsv judges a ${kind} ${id} that is missing`);
}
