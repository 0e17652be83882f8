"""
Makes random patterns in Oniguruma's syntax and compares what they match in random texts, here and in the Rust library.

    <python with tokenizers> scripts/reference/tokenizers/compare_patterns.py [--patterns N] [--texts N] [--seed N]

Patterns that packages/hub/src/tokenizer/regex refuses are counted by the reason. Fails when a match differs.
"""

import argparse
import collections
import json
import pathlib
import random
import re
import subprocess
import sys

from tokenizers import Regex, normalizers

from alphabet import random_text

HERE = pathlib.Path(__file__).parent
LETTERS = list("abstfiklABSK19 -'.\n") + ["é", "ß", "ſ", "Σ", "ς", "中", "👩", "\u0301", "²", "İ"]
ESCAPES = [r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", r"\h", r"\p{L}", r"\p{Lu}", r"\P{N}", r"\p{^L}", r"\p{Han}", r"\p{M}"]
ESCAPES += [r"\n", r"\r", r"\t", r"\x{e9}", r"\x41", r"\u0301", r"\.", r"\-", r"\p{Punct}", r"\p{Alpha}", r"\p{Latin}", r"\p{Word}"]
PLACES = ["^", "$", r"\A", r"\z", r"\Z", r"\b", r"\B"]
POSIX = ["[:alpha:]", "[:punct:]", "[:^space:]", "[:upper:]", "[:lower:]", "[:digit:]", "[:alnum:]", "[:word:]", "[:^word:]"]
QUANTIFIERS = ["*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}", "{1,2}", "{,2}", "{2,}", "{1,3}?", "{1,2}+"]


class Maker:
    def __init__(self, rng):
        self.rng = rng

    def pattern(self, depth=3):
        options = [self.sequence(depth) for _ in range(self.rng.choice([1, 1, 1, 2, 3]))]
        return "|".join(options)

    def sequence(self, depth):
        return "".join(self.item(depth) for _ in range(self.rng.choice([1, 1, 2, 2, 3])))

    def item(self, depth):
        kind = self.rng.random()
        if kind < 0.08:
            return self.rng.choice(PLACES)
        atom = self.atom(depth)
        return atom + (self.rng.choice(QUANTIFIERS) if self.rng.random() < 0.4 else "")

    def atom(self, depth):
        kind = self.rng.random()
        if kind < 0.4 or depth == 0:
            letter = self.rng.choice(LETTERS)
            return "\\" + letter if letter in "." else letter
        if kind < 0.55:
            return self.rng.choice(ESCAPES)
        if kind < 0.6:
            return self.rng.choice([".", r"\R", r"\N", r"\O"])
        if kind < 0.8:
            return self.bracket(depth)
        opening = self.rng.choice(["(", "(?:", "(?:", "(?i:", "(?i:", "(?m:", "(?>", "(?=", "(?!", "(?<=", "(?<!", "(?<n>", "(?-i:", "(?i)"])
        body = self.pattern(depth - 1)
        return opening + body + ("" if opening == "(?i)" else ")")

    def bracket(self, depth):
        items = [self.bracket_item(depth) for _ in range(self.rng.randint(1, 3))]
        if self.rng.random() < 0.1:
            items.insert(self.rng.randint(0, len(items)), "&&")
        return "[" + self.rng.choice(["", "", "^"]) + "".join(items) + "]"

    def bracket_item(self, depth):
        kind = self.rng.random()
        if kind < 0.4:
            return self.rng.choice([letter for letter in LETTERS if letter != "-"])
        if kind < 0.6:
            return self.rng.choice(["a-z", "A-Z", "0-9", "一-龥", r"\x{300}-\x{36f}", "\u0370-\u03ff", r"\--/"])
        if kind < 0.8 or depth == 0:
            return self.rng.choice(ESCAPES)
        if kind < 0.9:
            return self.rng.choice(POSIX)
        return self.bracket(depth - 1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--patterns", type=int, default=5000)
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    maker = Maker(rng)
    node = subprocess.Popen(
        ["node", HERE / "compare-steps.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    messages, invalid = [], 0
    while len(messages) < 2 * options.patterns:
        source = maker.pattern()
        short = ["".join(rng.choice(LETTERS) for _ in range(rng.randint(0, 8))) for _ in range(options.texts)]
        texts = short + [random_text(rng) for _ in range(options.texts)]
        try:
            run = normalizers.Replace(Regex(source), "<>").normalize_str
            expected = list(map(run, texts))
        # The library also panics when a search backtracks too often.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            invalid += 1
            continue
        step = {"type": "Replace", "pattern": {"Regex": source}, "content": "<>"}
        messages.append({"kind": "normalizer", "name": source.encode("unicode_escape").decode(), "step": step})
        messages.append({"texts": texts, "expected": expected})
    output, _ = node.communicate("\n".join(map(json.dumps, messages)) + "\n")
    counts, reasons = collections.Counter(), collections.Counter()
    for line in output.splitlines():
        if line.startswith("    ") or re.search(r", [1-9]\d* differences$", line):
            print(line)
        if line.startswith("normalizer "):
            refused = re.search(r"refused: .* has (.*), which is not supported$", line)
            counts["refused" if refused else "compared"] += 1
            if refused:
                reasons[refused[1]] += 1
    print(f"{invalid} refused by the library too, {dict(counts)}")
    for reason, count in reasons.most_common(20):
        print(f"  {count:6} {reason}")
    sys.exit(node.returncode)


if __name__ == "__main__":
    main()
