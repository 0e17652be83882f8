"""
Runs every normalizer and pre-tokenizer over every code point and over random and real texts, and compares what the Rust
library and packages/hub/src/tokenizer make of them.

    <python with tokenizers and sentencepiece> scripts/reference/tokenizers/compare_steps.py [--random N] [--only NAME]
        [--no-code-points] [--files GLOB…]

Prints a line for each step: texts compared, differences, and the first of these. Fails when there is any.
"""

import argparse
import glob
import hashlib
import json
import pathlib
import random
import subprocess
import sys

import tokenizers

import steps_to_compare
from alphabet import random_text

HERE = pathlib.Path(__file__).parent
BLOCK = 512
# Separates the pieces of a text.
SEPARATOR = "\x1e\u241e"
CONTEXTS = (("", ""), ("a", "b"), (" ", " "))


def reference(kind, step):
    """The library's result for a text, as one string; pieces of a pre-tokenizer are joined with
    separators."""
    model = {"type": "BPE", "vocab": {}, "merges": []}
    whole = {"version": "1.0", "added_tokens": [], "normalizer": None, "pre_tokenizer": None, "model": model}
    loaded = tokenizers.Tokenizer.from_str(json.dumps({**whole, kind: step}))
    if kind == "normalizer":
        return loaded.normalizer.normalize_str
    return lambda text: SEPARATOR.join(piece for piece, _ in loaded.pre_tokenizer.pre_tokenize_str(text))


def blocks_of_code_points():
    for before, after in CONTEXTS:
        for start in range(0, 0x110000, BLOCK):
            yield {"start": start, "end": start + BLOCK, "before": before, "after": after}


def texts_of(block):
    codes = (c for c in range(block["start"], block["end"]) if not 0xD800 <= c < 0xE000)
    return [block["before"] + chr(c) + block["after"] for c in codes]


def real_texts(patterns):
    for pattern in patterns:
        for name in sorted(glob.glob(pattern, recursive=True)):
            try:
                text = pathlib.Path(name).read_text("utf-8")
            except (UnicodeDecodeError, OSError):
                continue
            yield text[:3000]
            lines = text.split("\n")
            yield from lines[:200]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--random", type=int, default=20_000)
    parser.add_argument("--only", default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-code-points", action="store_true")
    parser.add_argument("--files", nargs="*", default=[])
    options = parser.parse_args()
    rng = random.Random(options.seed)
    texts = ["", *(random_text(rng) for _ in range(options.random)), *real_texts(options.files)]
    node = subprocess.Popen(["node", HERE / "compare-steps.mjs"], stdin=subprocess.PIPE, text=True, encoding="utf-8")
    send = lambda message: node.stdin.write(json.dumps(message) + "\n")
    for kind, steps in (
        ("normalizer", steps_to_compare.normalizers()),
        ("pre_tokenizer", steps_to_compare.pre_tokenizers()),
    ):
        for name, step in steps.items():
            if options.only not in f"{kind} {name}":
                continue
            run = reference(kind, step)
            send({"kind": kind, "name": name, "step": step})
            everywhere = name in steps_to_compare.ON_EVERY_CODE_POINT and not options.no_code_points
            for block in blocks_of_code_points() if everywhere else ():
                joined = "\x1d".join(map(run, texts_of(block)))
                digest = hashlib.md5(joined.encode()).hexdigest()
                send({"block": block, "digest": digest})
            for i in range(0, len(texts), BLOCK):
                send({"texts": texts[i : i + BLOCK], "expected": list(map(run, texts[i : i + BLOCK]))})
    node.stdin.close()
    sys.exit(node.wait())


if __name__ == "__main__":
    main()
