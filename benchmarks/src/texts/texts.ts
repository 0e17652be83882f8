import { seededRandom } from "../encodings.js";
import { common, endings, type Topic, topics } from "./lexicon.js";

/** A word or full stop, and its number of tokens in the benchmark's vocabulary. */
interface Unit {
  readonly text: string;
  readonly tokens: number;
}

type Random = () => number;

/** [CLS] and [SEP] */
const specialTokens = 2;
const fullStop: Unit = { text: ".", tokens: 1 };

/**
 * English sentences about one of the topics, with exactly the given number of tokens (at least 3),
 * including [CLS] and [SEP], in the vocabulary of the lexicon. The same number gives the same text.
 */
export function textOf(tokens: number, seed: number): string {
  const random = seededRandom(seed);
  const topic = topics[seed % topics.length] ?? common;
  let text = "";
  let left = tokens - specialTokens;
  for (const unit of endlessSentences(topic, random)) {
    if (left <= 1) break;
    const isStop = unit === fullStop;
    if (unit.tokens > left - 1 || (isStop && left <= 2)) continue;
    text += isStop || text === "" ? unit.text : ` ${unit.text}`;
    left -= unit.tokens;
  }
  return `${text}${fullStop.text}`;
}

/** One text per length; text i is about topic i modulo their number. */
export function textsOf(lengths: readonly number[]): string[] {
  return lengths.map((length, index) => textOf(length, index));
}

/** A stream of texts of `from` to `to` tokens, generated on request; number `first` comes first. */
export function* streamTexts(
  count: number,
  from: number,
  to: number,
  first = 0,
): Generator<string> {
  for (let index = first; index < first + count; index++) {
    yield textOf(from + ((index * 7919) % (to - from + 1)), index);
  }
}

/** The topic of a text. */
export function topicOf(seed: number): number {
  return seed % topics.length;
}

/** Sentences like "The stormy harbors helped a captain near the tide.", endlessly. */
function* endlessSentences(topic: Topic, random: Random): Generator<Unit> {
  for (;;) {
    const [first, ...rest] = nounPhrase(topic, random);
    if (first) yield { ...first, text: capitalized(first.text) };
    yield* rest;
    yield inflected(pick(wordsFor(topic, "verbs", random), random), endings.verb);
    yield* nounPhrase(topic, random);
    if (random() < 0.6) {
      yield whole(pick(common.links, random));
      yield* nounPhrase(topic, random);
    }
    yield fullStop;
  }
}

function nounPhrase(topic: Topic, random: Random): Unit[] {
  const noun = pick(wordsFor(topic, "nouns", random), random);
  return [
    whole(pick(common.articles, random)),
    ...(random() < 0.4 ? [whole(pick(wordsFor(topic, "adjectives", random), random))] : []),
    random() < 0.3 ? inflected(noun, endings.plural) : whole(noun),
  ];
}

/** Three in four words are the topic's own. */
function wordsFor(topic: Topic, kind: keyof Topic, random: Random): readonly string[] {
  return (random() < 0.75 ? topic : common)[kind];
}

const whole = (text: string): Unit => ({ text, tokens: 1 });
const inflected = (text: string, ending: string): Unit => ({ text: text + ending, tokens: 2 });
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function pick<T>(from: readonly [T, ...T[]] | readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T;
}
