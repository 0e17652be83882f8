import { embedTexts, InputError, printable } from "@ripvec/core";
import { Command } from "commander";
import { type BytePath, isUtf8Path, textOf } from "../byte-path.js";
import { closestLines } from "../closest-lines.js";
import { UsageError } from "../errors.js";
import { jsonText } from "../formats/json-text.js";
import { type Io, note, print, wantsColor } from "../io.js";
import { about, compact, counted } from "../numbers.js";
import { addModelOptions, type ModelOptions, positive } from "../options.js";
import { Passages } from "../passages.js";
import { candidatesFor, distinctPlaces } from "../places.js";
import { Progress, type Work } from "../progress.js";
import { promptText } from "../prompts.js";
import { withQuotesHint } from "../quotes-hint.js";
import { TopRanked } from "../rank.js";
import { type Hit, renderHit } from "../render.js";
import { scorer } from "../scorer.js";
import { searchPrompts } from "../search-prompts.js";
import { openSession, type Session } from "../session.js";
import { type Walk, walk } from "../walk.js";

interface SearchOptions extends ModelOptions {
  readonly prompt?: string;
  readonly count: number;
  readonly json?: boolean;
}

/** Small enough that a passage is about one subject. */
const passageTokens = 200;
/**
 * Part of the model's limit that a passage may fill by estimate; path, prompt and special tokens
 * take the rest.
 */
const safeFill = 0.7;

const examples = `
Folders are searched by git's rules: files named by .gitignore are left out, and so are hidden files,
lock files, generated and binary files, files above 1 MiB and anything but regular files. Data files
such as JSON and CSV are left out above 8 KiB, and so are folders named fixtures, testdata or
__snapshots__. A file given by name is read unless it is binary or above 1 MiB, and a folder given by
name is always searched. Text must be UTF-8, or UTF-16 with a byte order mark.

Of overlapping or adjacent passages of one file, only the best is listed, also with --json.

Nothing is stored: each search embeds all files again, about 20 s per MB on two cores. For a quick
answer, name the folders to search, and leave tests out.

The score is the cosine of two vectors; with the built-in model, hits below about 0.4 are guesses.
Passages of tests score 0.05 less, also with --json, unless the query says "test"; those of change
logs (CHANGELOG, CHANGES, HISTORY, NEWS) too, unless it says "change", "version" or "release". A file
is a test when its name, or that of a folder below the searched one, has the word "test".

When the model has prompts named query and passage (or document), they are put before the query and
the passages; --prompt replaces that of the query.

Examples:
  ripvec search "where are retries configured"
  ripvec search "how is memory freed" src docs -n 3
  ripvec search "error handling" --json | jq -r '.hits[].path'
`;

export function searchCommand(io: Io): Command {
  const command = new Command("search")
    .description("Find the passages of files that are closest to a query.")
    .argument("<query>", "text to search for")
    .argument("[paths...]", "files and folders to search (default: the current folder)")
    .option("-n, --count <n>", "number of hits to print", positive, 10)
    .option("--json", "print one JSON object");
  return addModelOptions(command)
    .option("--prompt <name-or-text>", "text to put before the query")
    .addHelpText("after", examples)
    .action((query: string, paths: string[], options: SearchOptions) =>
      search(io, query, paths.length > 0 ? paths : ["."], options),
    );
}

async function search(
  io: Io,
  query: string,
  paths: readonly string[],
  options: SearchOptions,
): Promise<void> {
  if (query.trim() === "") throw new UsageError("the query is empty");
  const found = await walk(paths, { cwd: io.cwd, signal: io.signal }).catch((error: unknown) => {
    throw withQuotesHint(error, { query, paths, cwd: io.cwd });
  });
  if (found.files.length === 0) throw nothingToSearch(paths, found);
  const session = await openSession(options, io);
  try {
    const ranking = await rank(io, query, found, session, options);
    const { hits, summary } = ranking;
    if (hits.length === 0) throw nothingToSearch(paths, found);
    if (io.stderr.isTTY) note(io, summary);
    if (found.leftOut.counts.size > 0) note(io, `note: ${found.leftOut}`);
    if (io.stderr.isTTY) note(io, "");
    if (options.json) await printJson(io, query, session, hits);
    else await printHits(io, query, session, ranking);
  } finally {
    await session.backend.close();
  }
}

interface Ranking {
  readonly hits: readonly Hit[];
  /** How much was read, and how fast. */
  readonly summary: string;
  readonly queryVector: Float32Array;
  readonly passagePrompt: string;
}

/**
 * The query comes first, so that each passage is scored as it arrives and only the best are kept.
 */
async function rank(
  io: Io,
  query: string,
  found: Walk,
  session: Session,
  options: SearchOptions,
): Promise<Ranking> {
  const { model, backend } = session;
  const { signal } = io;
  const prompts = searchPrompts(model.prompts);
  const prompt = options.prompt === undefined ? prompts.query : promptText(options.prompt, model);
  const queryVector = await embedQuery(io, session, query, prompt);
  const maxTokens = Math.max(1, Math.min(passageTokens, Math.floor(backend.maxTokens * safeFill)));
  const passages = new Passages(found, { maxTokens, signal });
  const progress = new Progress(io, {
    label: "searching",
    noun: "passages",
    longWait: (work) => longWait(work, found.files.length),
  });
  const best = new TopRanked<Hit>(candidatesFor(options.count));
  const score = scorer(query, queryVector);
  let tokens = 0;
  const rows = embedTexts(backend, model.tokenizer, passages.texts(), {
    signal,
    prompt: prompts.passage,
    onProgress: (done) => progress.update({ ...done, fraction: passages.doneFraction(done.texts) }),
  });
  try {
    for await (const row of rows) {
      const passage = passages.take(row.index);
      const { path, from, to, text } = passage;
      const scored = score(passage, row.embedding);
      best.add(scored, {
        score: scored,
        ...placeOf(path),
        from,
        to,
        text,
        tokens: row.tokens,
        truncated: row.truncated,
      });
      tokens += row.tokens;
    }
  } finally {
    progress.clear();
  }
  const seconds = progress.elapsedMs / 1000;
  const ranked = best.ranked().map(({ item }) => item);
  return {
    hits: distinctPlaces(ranked, options.count),
    summary: summary(passages, tokens, seconds),
    queryVector,
    passagePrompt: prompts.passage,
  };
}

/**
 * The number of passages is unknown until the last file is read, so it is estimated from the files'
 * sizes.
 */
function longWait({ texts, fraction = 0 }: Work, fileCount: number): string {
  const passages = fraction > 0 ? `about ${about(texts / fraction)}` : "the";
  return `embedding ${passages} passages of ${counted(fileCount, "file")} …`;
}

async function embedQuery(
  io: Io,
  { model, backend }: Session,
  query: string,
  prompt: string,
): Promise<Float32Array> {
  const options = { signal: io.signal, prompt };
  for await (const row of embedTexts(backend, model.tokenizer, [query], options)) {
    if (row.truncated) note(io, `note: the query was cut to ${backend.maxTokens} tokens`);
    return row.embedding;
  }
  throw new RangeError("one text gives one vector");
}

/** A name that is not UTF-8 is also given as bytes, because no string can represent it. */
function placeOf(path: BytePath): Pick<Hit, "path" | "pathBytes"> {
  const text = textOf(path);
  if (isUtf8Path(path)) return { path: text };
  return { path: text, pathBytes: Buffer.from(path, "latin1").toString("base64") };
}

function nothingToSearch(paths: readonly string[], { leftOut }: Walk): InputError {
  const names = paths.map((path) => (path === "." ? "the current folder" : printable(path, 120)));
  const why = leftOut.counts.size > 0 ? `; ${leftOut}` : "";
  return new InputError(`there is no text to search in ${names.join(", ")}${why}`);
}

function summary({ count, files }: Passages, tokens: number, seconds: number): string {
  return (
    `${counted(count, "passage")} of ${counted(files, "file")} in ${seconds.toFixed(1)} s, ` +
    `${compact(tokens / seconds)} tokens/s`
  );
}

async function printHits(
  io: Io,
  query: string,
  session: Session,
  { hits, queryVector, passagePrompt }: Ranking,
): Promise<void> {
  const { signal } = io;
  const color = wantsColor(io, io.stdout);
  const columns = io.stdout.isTTY ? io.stdout.columns : undefined;
  for (const [index, hit] of hits.entries()) {
    const lines = await closestLines(hit, session, { queryVector, prompt: passagePrompt, signal });
    await print(io, renderHit(hit, { rank: index + 1, lines }, query, { color, columns }));
  }
}

async function printJson(
  io: Io,
  query: string,
  { modelName, backend }: Session,
  hits: readonly Hit[],
): Promise<void> {
  const document = { query, model: modelName, backend: backend.name, hits };
  await print(io, `${jsonText(document, 2)}\n`);
}
