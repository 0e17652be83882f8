import { shown } from "../fields.js";
import { type CodePointSet, includes } from "../unicode/code-point-set.js";
import { type AnchorTest, anchorTests, placeBefore } from "./anchor-tests.js";
import { fixedLength, type Pattern, type Repeat } from "./syntax-tree.js";

/** The most nodes of a program. Each repetition up to a bound has its own nodes. */
const maxNodes = 20_000;

/** No match. */
export const none = -1;

/** The end, in UTF-16 units, of the match of a node and those after it, or `none`. */
export type Run = (node: Node, at: number) => number;

/** The position after a part that matches at a position, or `none`. */
type Move = (text: string, at: number, run: Run) => number;

/**
 * A part of a program. A node without `first` ends a match. All nodes have the same shape, for
 * speed.
 */
export interface Node {
  /**
   * Number of a split, which has two ways to continue, `first` and then `second`; -1 for a node
   * that continues with `first`.
   */
  readonly slot: number;
  readonly move: Move;
  readonly first: Node | undefined;
  readonly second: Node | undefined;
}

export interface Program {
  readonly entry: Node;
  /** Number of splits. */
  readonly slots: number;
}

/** A pattern as a program. Throws an Error that names `source` when it has too many parts. */
export function compileProgram(pattern: Pattern, source: string): Program {
  return new Compiler(source).compile(pattern);
}

const stay: Move = (_, at) => at;

/** Builds programs from their end: each part is given the node that follows it. */
class Compiler {
  readonly #source: string;
  #nodes = 0;
  #slots = 0;

  constructor(source: string) {
    this.#source = source;
  }

  compile(pattern: Pattern): Program {
    const entry = this.#whole(pattern);
    return { entry, slots: this.#slots };
  }

  /** A pattern after which nothing follows. */
  #whole(pattern: Pattern): Node {
    return this.#part(pattern, this.#node({ slot: -1, move: stay, first: undefined }));
  }

  #node(fields: Pick<Node, "slot" | "move" | "first"> & { second?: Node }): Writable<Node> {
    if (++this.#nodes > maxNodes) {
      throw new Error(
        `the pattern ${shown(this.#source)} is too large: more than ${maxNodes} parts, counting each repetition`,
      );
    }
    const { slot, move, first, second } = fields;
    return { slot, move, first, second };
  }

  #step(move: Move, next: Node): Node {
    return this.#node({ slot: -1, move, first: next });
  }

  #split(first: Node, second: Node): Writable<Node> {
    return this.#node({ slot: this.#slots++, move: stay, first, second });
  }

  #part(pattern: Pattern, next: Node): Node {
    switch (pattern.kind) {
      case "set":
        return this.#step(ofSet(pattern.set), next);
      case "anchor":
        return this.#step(where(anchorTests[pattern.anchor]), next);
      case "sequence":
        return pattern.items.reduceRight((after, item) => this.#part(item, after), next);
      case "choice":
        return pattern.items
          .map((item) => this.#part(item, next))
          .reduceRight((rest, item) => this.#split(item, rest));
      case "look":
        return this.#look(pattern, next);
      case "atomic": {
        const item = this.#whole(pattern.item);
        return this.#step((_, at, run) => run(item, at), next);
      }
      case "repeat":
        return this.#repeat(pattern, next);
      default:
        return pattern satisfies never;
    }
  }

  #look({ item, isBehind, isNegative }: Extract<Pattern, { kind: "look" }>, next: Node): Node {
    const alternatives = isBehind && item.kind === "choice" ? item.items : [item];
    const sought = alternatives.map((part) => ({
      node: this.#whole(part),
      back: isBehind ? (fixedLength(part) ?? 0) : 0,
    }));
    return this.#step((text, at, run) => {
      const isFound = sought.some(({ node, back }) => {
        const from = placeBefore(text, at, back);
        return from >= 0 && run(node, from) !== none;
      });
      return isFound === isNegative ? none : at;
    }, next);
  }

  #repeat(repeat: Repeat, next: Node): Node {
    const { item, min, max, mode } = repeat;
    if (mode === "possessive") return this.#possessive(repeat, next);
    const isLazy = mode === "lazy";
    let node = max === Infinity ? this.#loop(item, isLazy, next) : next;
    for (let i = min; max !== Infinity && i < max; i++) {
      const once = this.#part(item, node);
      node = isLazy ? this.#split(next, once) : this.#split(once, next);
    }
    for (let i = 0; i < min; i++) node = this.#part(item, node);
    return node;
  }

  #loop(item: Pattern, isLazy: boolean, next: Node): Node {
    const head = this.#split(next, next);
    head[isLazy ? "second" : "first"] = this.#part(item, head);
    return head;
  }

  /**
   * The character after a whole run of a set is not in the set, so such a run needs no program of
   * its own.
   */
  #possessive({ item, min, max }: Repeat, next: Node): Node {
    const greedy: Pattern = { kind: "repeat", item, min, max, mode: "greedy" };
    if (item.kind !== "set" || max !== Infinity) {
      return this.#part({ kind: "atomic", item: greedy }, next);
    }
    const end: Pattern = { kind: "look", item, isBehind: false, isNegative: true };
    return this.#part({ kind: "sequence", items: [greedy, end] }, next);
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Below this code point, a table says whether a character is in a set. */
const tabled = 0x180;

function ofSet(set: CodePointSet): Move {
  const table = Uint8Array.from({ length: tabled }, (_, code) => (includes(set, code) ? 1 : 0));
  return (text, at) => {
    const code = text.codePointAt(at);
    if (code === undefined) return none;
    if (code < tabled ? table[code] === 0 : !includes(set, code)) return none;
    return code > 0xffff ? at + 2 : at + 1;
  };
}

const where =
  (holds: AnchorTest): Move =>
  (text, at) =>
    holds(text, at) ? at : none;
