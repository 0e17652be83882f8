import { ModelFileError, type RipvecError } from "@ripvec/core";
import { Fields } from "./bytes.js";
import {
  kindOf,
  PickleDict,
  PickleGlobal,
  PickleList,
  PickleTuple,
  type PickleValue,
} from "./pickle-values.js";

/**
 * The meaning of names and persistent ids. Each method throws ModelFileError for one that is not
 * known.
 */
export interface PickleMeanings {
  isKnown(globalName: string): boolean;
  /** The result of a known function. */
  call(name: string, args: readonly PickleValue[]): PickleValue;
  persistent(id: PickleValue): PickleValue;
  /** The error for an unknown name, when there is more to say about it. */
  refusal(globalName: string): RipvecError | undefined;
}

/**
 * A checkpoint needs about eight objects per tensor, and Python pushes at most 2,000 values at
 * once.
 */
const limits = { objects: 1 << 18, memo: 1 << 18, stack: 1 << 14, marks: 256 } as const;

const lineEnd = 10;
const maxLineBytes = 256;
const emptyTuple = new PickleTuple([]);

type Step = (reader: PickleReader) => void;

/**
 * The instructions of protocol 2 that tensors need. Instructions that create objects of classes,
 * copies and extensions are not among them.
 */
const instructions: readonly (readonly [opcode: string | number, step: Step])[] = [
  [0x80, (reader) => reader.expectProtocol()],
  ["(", (reader) => reader.mark()],
  ["N", (reader) => reader.push(null)],
  [0x88, (reader) => reader.push(true)],
  [0x89, (reader) => reader.push(false)],
  ["K", (reader) => reader.push(reader.fields.u8(reader.take(1)))],
  ["M", (reader) => reader.push(reader.fields.u16(reader.take(2)))],
  ["J", (reader) => reader.push(reader.fields.i32(reader.take(4)))],
  [0x8a, (reader) => reader.pushLong()],
  ["G", (reader) => reader.pushFloat()],
  ["X", (reader) => reader.pushText()],
  [")", (reader) => reader.push(emptyTuple)],
  ["t", (reader) => reader.make(new PickleTuple(reader.popMarked()))],
  [0x85, (reader) => reader.make(new PickleTuple(reader.popSome(1)))],
  [0x86, (reader) => reader.make(new PickleTuple(reader.popSome(2)))],
  [0x87, (reader) => reader.make(new PickleTuple(reader.popSome(3)))],
  ["]", (reader) => reader.make(new PickleList([]))],
  ["a", (reader) => reader.append(reader.popSome(1))],
  ["e", (reader) => reader.append(reader.popMarked())],
  ["}", (reader) => reader.make(new PickleDict())],
  ["s", (reader) => reader.setItems(reader.popSome(2))],
  ["u", (reader) => reader.setItems(reader.popMarked())],
  ["q", (reader) => reader.remember(reader.fields.u8(reader.take(1)))],
  ["r", (reader) => reader.remember(reader.fields.u32(reader.take(4)))],
  ["h", (reader) => reader.recall(reader.fields.u8(reader.take(1)))],
  ["j", (reader) => reader.recall(reader.fields.u32(reader.take(4)))],
  ["c", (reader) => reader.pushGlobal()],
  ["R", (reader) => reader.call()],
  ["Q", (reader) => reader.pushPersistent()],
  ["b", (reader) => reader.build()],
];

const codeOf = (opcode: string | number): number =>
  typeof opcode === "string" ? opcode.charCodeAt(0) : opcode;
const steps = new Map(instructions.map(([opcode, step]) => [codeOf(opcode), step]));
const stop = codeOf(".");

/**
 * Reads a pickle of protocol 2 as data: no class is looked up, no code runs, and everything that is
 * not on an allow-list is refused by name. Throws ModelFileError.
 */
export function readPickle(bytes: Uint8Array, path: string, meanings: PickleMeanings): PickleValue {
  const reader = new PickleReader(new Fields(bytes, path), path, meanings);
  for (;;) {
    const opcode = reader.fields.u8(reader.take(1));
    if (opcode === stop) return reader.pop();
    const step = steps.get(opcode);
    if (!step) throw reader.refusal(`uses the pickle instruction 0x${opcode.toString(16)}`);
    step(reader);
  }
}

class PickleReader {
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  #at = 0;
  #objects = 0;

  constructor(
    readonly fields: Fields,
    readonly path: string,
    readonly meanings: PickleMeanings,
  ) {}

  /** The position of the next bytes, which then count as read. */
  take(byteLength: number): number {
    const at = this.#at;
    this.#at += byteLength;
    return at;
  }

  refusal(what: string): ModelFileError {
    return new ModelFileError(
      `${what}, which a file of tensors does not need. The file is refused; none of its code was run`,
      { path: this.path },
    );
  }

  broken(what: string): ModelFileError {
    return new ModelFileError(`its pickle is broken: ${what}`, { path: this.path });
  }

  expectProtocol(): void {
    const protocol = this.fields.u8(this.take(1));
    if (protocol !== 2) throw this.refusal(`is written in pickle protocol ${protocol}`);
  }

  push(value: PickleValue): void {
    if (this.#stack.length >= limits.stack) throw this.broken("too many values at once");
    this.#stack.push(value);
  }

  /** Pushes an object that takes memory. */
  make(value: PickleValue): void {
    this.#objects += 1;
    if (this.#objects > limits.objects) throw this.broken(`more than ${limits.objects} objects`);
    this.push(value);
  }

  mark(): void {
    if (this.#marks.length >= limits.marks) throw this.broken("nested too deeply");
    this.#marks.push(this.#stack.length);
  }

  pop(): PickleValue {
    const floor = this.#marks.at(-1) ?? 0;
    const value = this.#stack.length > floor ? this.#stack.pop() : undefined;
    if (value === undefined) throw this.broken("a value is missing");
    return value;
  }

  popSome(count: number): PickleValue[] {
    return Array.from({ length: count }, () => this.pop()).reverse();
  }

  popMarked(): PickleValue[] {
    const from = this.#marks.pop();
    if (from === undefined) throw this.broken("a mark is missing");
    return this.#stack.splice(from);
  }

  append(values: readonly PickleValue[]): void {
    const list = this.#top();
    if (!(list instanceof PickleList)) throw this.broken(`appends to ${kindOf(list)}`);
    this.#count(values.length);
    for (const value of values) list.items.push(value);
  }

  setItems(values: readonly PickleValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof PickleDict)) throw this.broken(`sets an item of ${kindOf(dict)}`);
    this.#count(values.length);
    for (let i = 0; i < values.length; i += 2) {
      const [key, value] = [values[i], values[i + 1]];
      if (value === undefined) throw this.broken("a key has no value");
      if (typeof key !== "string" && typeof key !== "number") {
        throw this.refusal(`has a dict with ${kindOf(key ?? null)} for a key`);
      }
      dict.entries.set(key, value);
    }
  }

  remember(index: number): void {
    if (this.#memo.size >= limits.memo) throw this.broken("the memo is too large");
    this.#memo.set(index, this.#top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.broken(`the memo has no value for ${index}`);
    this.push(value);
  }

  pushLong(): void {
    const byteLength = this.fields.u8(this.take(1));
    const bytes = this.fields.bytes(this.take(byteLength), byteLength);
    const bits = 8 * byteLength;
    const unsigned = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const value = Number(BigInt.asIntN(bits, unsigned));
    if (!Number.isSafeInteger(value)) throw this.broken(`a number of ${bits} bits`);
    this.push(value);
  }

  pushFloat(): void {
    const bytes = this.fields.bytes(this.take(8), 8);
    this.push(new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0));
  }

  pushText(): void {
    const byteLength = this.fields.u32(this.take(4));
    this.push(this.fields.text(this.take(byteLength), byteLength));
  }

  pushGlobal(): void {
    const name = `${this.#line()}.${this.#line()}`;
    if (!this.meanings.isKnown(name)) {
      throw this.meanings.refusal(name) ?? this.refusal(`names ${JSON.stringify(name)}`);
    }
    this.make(new PickleGlobal(name));
  }

  call(): void {
    const [called = null, args = null] = this.popSome(2);
    if (!(called instanceof PickleGlobal) || !(args instanceof PickleTuple)) {
      throw this.broken(`calls ${kindOf(called)}`);
    }
    this.make(this.meanings.call(called.name, args.items));
  }

  pushPersistent(): void {
    this.make(this.meanings.persistent(this.pop()));
  }

  /**
   * Attributes of a dict, such as the _metadata that torch.nn.Module adds. They say nothing about
   * the tensors.
   */
  build(): void {
    const state = this.pop();
    const object = this.#top();
    if (!(object instanceof PickleDict && state instanceof PickleDict)) {
      throw this.refusal(`sets the state of ${kindOf(object)}`);
    }
  }

  #top(): PickleValue {
    const floor = this.#marks.at(-1) ?? 0;
    const value = this.#stack.length > floor ? this.#stack.at(-1) : undefined;
    if (value === undefined) throw this.broken("a value is missing");
    return value;
  }

  #count(objects: number): void {
    this.#objects += objects;
    if (this.#objects > limits.objects) throw this.broken(`more than ${limits.objects} objects`);
  }

  /** Reads a text that ends with its line: all other texts are preceded by their length. */
  #line(): string {
    const from = this.#at;
    const max = Math.min(this.fields.byteLength - from, maxLineBytes);
    const end = this.fields.bytes(from, max).indexOf(lineEnd);
    if (end < 0) throw this.broken("a name has no end");
    this.#at = from + end + 1;
    return this.fields.text(from, end);
  }
}
