import { ModelFileError } from "@ripvec/core";
import type { WeightSource } from "@ripvec/core/arch";
import { describe, expect, test } from "vitest";
import { memorySource } from "../../src/browser/memory-source.js";
import { openTorch } from "../../src/torch/open-torch.js";
import {
  type ArchiveEntry,
  type ArchiveFaults,
  dict,
  fileOf,
  int,
  long,
  makeArchive,
  name,
  pickle,
  tensor,
  text,
  tuple,
} from "./make-archive.js";

const open = (bytes: Uint8Array): WeightSource =>
  openTorch(memorySource("x.bin", { bytes, sha256: "0" }));
const good = pickle(dict(tensor()));

function expectRefused(bytes: Uint8Array, message: RegExp): void {
  expect(() => open(bytes)).toThrow(message);
  expect(() => open(bytes)).toThrow(ModelFileError);
}

function overwritten(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const copy = bytes.slice();
  copy
    .subarray(from)
    .subarray(0, to - from)
    .fill(0xff);
  return copy;
}

test("the unchanged archive opens", () => {
  const view = open(fileOf(good)).get("w");
  expect(new Float32Array(new Uint8Array(view.bytes()).buffer)).toEqual(
    Float32Array.from([1, 2, 3, 4]),
  );
});

describe("a pickle that asks for more than tensors", () => {
  const call = (module: string, called: string) => [
    name(module, called),
    tuple(text("touch /tmp/x")),
    "R",
  ];
  test.each([
    ["os.system", pickle(call("os", "system")), /names "os\.system".*none of its code was run/],
    ["posix.system in a dict", pickle(dict(call("posix", "system"))), /names "posix\.system"/],
    ["eval", pickle(call("builtins", "eval")), /names "builtins\.eval"/],
    ["torch.load", pickle(call("torch", "load")), /names "torch\.load"/],
    [
      "a name with a dot",
      pickle(name("torch._utils", "os.system")),
      /names "torch\._utils\.os\.system"/,
    ],
    [
      "a name that is split differently",
      pickle(name("torch._utils._rebuild_tensor_v2", "__globals__")),
      /names/,
    ],
    [
      "a storage class called",
      pickle(name("torch", "FloatStorage"), tuple(int(1)), "R"),
      /not a function/,
    ],
    ["a text called", pickle(text("os.system"), tuple(), "R"), /calls a string/],
    ["INST", pickle("(", text("x"), "ios\nsystem\n"), /instruction 0x69/],
    ["OBJ", pickle("(", name("torch", "FloatStorage"), "o"), /instruction 0x6f/],
    ["NEWOBJ", pickle(name("torch", "FloatStorage"), ")", 0x81), /instruction 0x81/],
    ["EXT1", pickle(0x82, 1), /instruction 0x82/],
    ["STACK_GLOBAL", pickle(text("os"), text("system"), 0x93), /instruction 0x93/],
    ["PERSID", pickle("P0\n"), /instruction 0x50/],
    ["state of a tensor", pickle(dict([tensor(), "}b"])), /sets the state of a tensor/],
    ["state that is not a dict", pickle("})b"), /sets the state of a dict/],
    [
      "an OrderedDict with arguments",
      pickle(name("collections", "OrderedDict"), tuple(int(1)), "R"),
      /OrderedDict/,
    ],
    [
      "a reference to something other than a storage",
      pickle(tuple(text("module"), int(1)), "Q"),
      /something other than a storage/,
    ],
    ["a tuple for a key", pickle("}", tuple(), int(1), "s"), /dict with a tuple for a key/],
    [
      "a number and its text as keys",
      pickle("}", text("0"), tensor(), "s", int(0), tensor(), "s"),
      /occurs twice/,
    ],
    ["a list of tensors", pickle(dict(["]", tensor(), "a"])), /"w" is a list/],
  ])("%s", (_, data, message) => expectRefused(fileOf(data), message));
});

describe("a pickle that asks for too much memory", () => {
  const many = (count: number, part: string) => part.repeat(count);
  test.each([
    ["endless marks", pickle(many(100_000, "(")), /nested too deeply/],
    ["endless values", pickle(many(100_000, "]")), /too many values/],
    ["endless objects", pickle("](", many(200_000, "]]]]]]]]e(")), /more than \d+ objects|too/],
    [
      "a memo that doubles",
      pickle(")q\u0000", many(100_000, "h\u0000h\u0000\u0086q\u0000")),
      /too many values/,
    ],
    ["a text longer than the file", pickle("X\xff\xff\xff\xff"), /ends in the middle/],
    ["a number of 2,040 bits", pickle(0x8a, 255, many(255, "\x7f")), /a number of 2040 bits/],
    ["an unterminated name", pickle(`c${many(10_000, "a")}`), /name has no end/],
    ["memo slots that are empty", pickle("j\xff\xff\xff\xff"), /the memo has no value for/],
    ["no stop", pickle("N").subarray(0, 3), /ends in the middle/],
    ["nothing on the stack", pickle(""), /value is missing/],
    ["items after a mark", pickle("N(0".slice(0, 2), "s"), /value is missing/],
    ["half an item", pickle("}(", text("a"), "u"), /key has no value/],
    ["no mark", pickle("Nt"), /mark is missing/],
    ["an item of a tuple", pickle(")", text("a"), "Ns"), /sets an item of a tuple/],
    ["appends to a dict", pickle("}Na"), /appends to a dict/],
  ])("%s", (_, data, message) => expectRefused(fileOf(data), message));

  test("a list that contains itself is read", () => {
    expectRefused(fileOf(pickle("]q\u0000h\u0000a")), /holds a list/);
  });

  test("a pickle above its limit is not read", () => {
    const huge = new Uint8Array((4 << 20) + 1);
    expectRefused(makeArchive([["x/data.pkl", huge]]), /data\.pkl has 4194305 bytes, the limit/);
  });
});

describe("a tensor outside of its storage", () => {
  const shapes = (shape: number[], strides: number[], offset = 0) => ({
    shape: tuple(...shape.map(int)),
    strides: tuple(...strides.map(int)),
    offset: int(offset),
  });
  test.each([
    ["one element too many", shapes([5], [1]), /reaches beyond its storage of 16 bytes/],
    ["an offset", shapes([4], [1], 1), /reaches beyond/],
    ["an offset of an empty tensor", shapes([0], [1], 5), /reaches beyond/],
    ["a stride", shapes([2], [4]), /reaches beyond/],
    ["a negative stride", shapes([2], [-1], 1), /whole number of at least 0, got -1/],
    ["a negative offset", shapes([1], [1], -1), /whole number of at least 0, got -1/],
    ["a negative size", shapes([-4], [1]), /whole number of at least 0, got -4/],
    [
      "sizes whose product wraps",
      shapes([2 ** 30, 2 ** 30, 2 ** 30], [2 ** 30, 1, 1]),
      /reaches beyond/,
    ],
    ["huge, without strides", shapes([2 ** 31 - 1, 2 ** 31 - 1], [0, 0]), /have the same position/],
    ["overlapping rows", shapes([2, 3], [1, 1]), /have the same position/],
    [
      "more dimensions than any weight has",
      shapes(Array(17).fill(1), Array(17).fill(1)),
      /tensor of 17 dimensions, the limit is 16/,
    ],
    ["more strides than sizes", shapes([4], [1, 1]), /2 strides for 1 dimensions/],
    ["a shape that is a string", { shape: text("4") }, /shape that is not a tuple/],
    ["a size of 2^62", { shape: tuple(long(2n ** 62n)) }, /a number of 64 bits/],
    ["a storage that is missing", { key: "1" }, /storage "1" is missing/],
    ["a storage at another position", { key: "../data.pkl" }, /is missing/],
    ["a storage that is smaller", { elements: int(3) }, /has 16 bytes instead of 12/],
    ["a storage that is larger", { elements: int(5) }, /has 16 bytes instead of 20/],
    ["a storage of another dtype", { storage: "HalfStorage" }, /has 16 bytes instead of 8/],
    ["a tensor of raw bytes", { storage: "UntypedStorage" }, /names "torch\.UntypedStorage"/],
  ])("%s", (_, made, message) => expectRefused(fileOf(pickle(dict(tensor(made)))), message));

  test("a storage with two dtypes", () => {
    const other = tensor({ storage: "HalfStorage", elements: int(8) });
    const data = pickle("}(", text("a"), tensor(), text("b"), other, "u");
    expectRefused(fileOf(data), /tensor "b": its storage 0 is used with two sizes or dtypes/);
  });
});

describe("an archive that is not what torch.save writes", () => {
  const body = new Uint8Array(16);
  const withFault = (faults: ArchiveFaults) =>
    makeArchive([
      ["x/data.pkl", good],
      ["x/data/0", body, faults],
    ]);
  const archive = (...entries: readonly ArchiveEntry[]) => makeArchive(entries);
  test.each([
    ["compressed", withFault({ method: 8 }), /"x\/data\/0" is compressed/],
    ["encrypted", withFault({ flags: 1 }), /is encrypted/],
    [
      "another name in the header",
      withFault({ localName: "x/data/1" }),
      /header that differs from the directory/,
    ],
    [
      "another size in the header",
      withFault({ localSize: 8 }),
      /header that differs from the directory/,
    ],
    [
      "another size in the directory",
      withFault({ directorySize: 12, localSize: 16 }),
      /header that differs/,
    ],
    [
      "an entry that overlaps another",
      withFault({ headerOffset: 0 }),
      /header that differs from the directory/,
    ],
    ["an entry outside", withFault({ headerOffset: 1 << 30 }), /lies outside the file/],
    [
      "two entries of the same name",
      archive(["x/data.pkl", good], ["x/data.pkl", good]),
      /two entries of the same name/,
    ],
    [
      "an entry that overlaps the directory",
      withFault({ directorySize: 40, localSize: 40 }),
      /overlaps another/,
    ],
    ["no pickle", archive(["x/data/0", body]), /is not a file of torch\.save/],
    [
      "two pickles",
      archive(["x/data.pkl", good], ["y/data.pkl", good]),
      /is not a file of torch\.save/,
    ],
    ["big-endian", fileOf(good, [["x/byteorder", Buffer.from("big")]]), /is big-endian/],
    ["a name that is not UTF-8", overwritten(fileOf(good), -30, -22), /not UTF-8/],
    ["nothing", new Uint8Array(0), /is not a file of torch\.save/],
    [
      "a Git LFS pointer",
      Buffer.from("version https://git-lfs.github.com/spec/v1\n"),
      /is not a file/,
    ],
    ["ZIP64 without its directory", overwritten(fileOf(good), -14, -10), /ZIP64|several parts/],
  ])("%s", (_, bytes, message) => expectRefused(bytes, message));

  test("many small entries cost few reads", () => {
    const small = Array.from({ length: 5000 }, (_, i): ArchiveEntry => [`x/data/k${i}`, body]);
    const bytes = fileOf(good, small);
    const source = memorySource("x.bin", { bytes, sha256: "0" });
    let reads = 0;
    const read = (from: number, byteLength: number) => {
      reads += 1;
      return source.read(from, byteLength);
    };
    expect(openTorch({ ...source, read }).names).toEqual(["w"]);
    // Each entry has 58 bytes before the next one, and a read takes 4,096.
    expect(reads).toBeLessThan(200);
  });

  test("a longer name in the header", () => {
    expectRefused(withFault({ localName: "x/data/0b" }), /header that differs from the directory/);
  });

  test("an entry inside of another", () => {
    const inner = makeArchive([["x/data/1", body]]).subarray(0, 30 + 8 + 16);
    const innerOffset = 30 + "x/data.pkl".length + good.byteLength + 30 + "x/data/0".length;
    const bytes = archive(
      ["x/data.pkl", good],
      ["x/data/0", inner],
      ["x/data/1", body, { headerOffset: innerOffset }],
    );
    expectRefused(bytes, /entry "x\/data\/1" overlaps another one/);
  });

  test("cut at every byte", () => {
    const whole = fileOf(good);
    for (let length = 0; length < whole.byteLength; length += 1) {
      expect(() => open(whole.subarray(0, length)), `${length} bytes`).toThrow(ModelFileError);
    }
  });
});
