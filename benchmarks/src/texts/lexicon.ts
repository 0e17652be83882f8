/** A topic of a text: words that its sentences use besides the common ones. */
export interface Topic {
  readonly nouns: readonly string[];
  readonly verbs: readonly string[];
  readonly adjectives: readonly string[];
}

const words = (text: string): string[] => text.split(" ");

const topic = (nouns: string, verbs: string, adjectives: string): Topic => ({
  nouns: words(nouns),
  verbs: words(verbs),
  adjectives: words(adjectives),
});

export const topics: readonly Topic[] = [
  topic(
    "harbor sailor vessel anchor lighthouse captain cargo tide voyage compass",
    "sail drift moor steer signal",
    "stormy coastal maritime salty",
  ),
  topic(
    "kitchen recipe butter oven pepper onion flavor dinner chef pastry",
    "roast simmer season taste garnish",
    "crisp tender spicy savory",
  ),
  topic(
    "compiler pointer thread kernel buffer packet server register cache parser",
    "allocate compile decode index schedule",
    "concurrent binary linear remote",
  ),
  topic(
    "patient surgeon vaccine symptom fever therapy clinic dose infection nurse",
    "diagnose treat prescribe heal examine",
    "chronic sterile clinical severe",
  ),
  topic(
    "market investor bond dividend inflation currency loan budget merchant tariff",
    "invest trade lend forecast borrow",
    "fiscal liquid profitable volatile",
  ),
  topic(
    "forest river meadow falcon badger orchard glacier canyon beetle moss",
    "grow migrate bloom graze nest",
    "alpine fertile shady ancient",
  ),
  topic(
    "orchestra violin melody rhythm singer chorus sonata drummer concert chord",
    "perform compose rehearse tune conduct",
    "acoustic lyrical solemn joyful",
  ),
  topic(
    "planet telescope comet orbit galaxy eclipse satellite nebula meteor crater",
    "spin glow revolve collapse observe",
    "cosmic lunar distant stellar",
  ),
  topic(
    "court lawyer verdict witness statute treaty senator ballot jury appeal",
    "argue testify ratify vote object",
    "civil federal guilty neutral",
  ),
  topic(
    "engine piston bridge tunnel cable turbine girder furnace crane lathe",
    "weld assemble drill lift rotate",
    "hydraulic rigid electric steel",
  ),
];

/** Words for texts about any topic. */
export const common: Topic & {
  readonly articles: readonly string[];
  readonly links: readonly string[];
} = {
  ...topic(
    "day people place time year hand part week case question group problem",
    "help show keep turn start need follow reach",
    "old long small early large other public whole",
  ),
  articles: words("the a this every one that"),
  links: words("of in with from near under after before against without"),
};

/** Pieces that make forms of these words, which have two tokens each. */
export const endings = { plural: "s", verb: "ed" } as const;

/**
 * All entries that a WordPiece vocabulary needs to read the texts as whole words and these endings.
 */
export const vocabulary: readonly string[] = [
  ...new Set([
    ...[common, ...topics].flatMap(({ nouns, verbs, adjectives }) => [
      ...nouns,
      ...verbs,
      ...adjectives,
    ]),
    ...common.articles,
    ...common.links,
    ...Object.values(endings).map((ending) => `##${ending}`),
  ]),
];
