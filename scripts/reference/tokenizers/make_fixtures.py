"""
Writes packages/hub/test/fixtures/tokenizer-steps.json: what the Rust library makes of a few texts, and a digest of what
it makes of every code point, for each normalizer and pre-tokenizer.

    <python with tokenizers and sentencepiece> scripts/reference/tokenizers/make_fixtures.py
"""

import hashlib
import json
import pathlib
import random

import tokenizers

import steps_to_compare
from alphabet import random_text
from compare_steps import SEPARATOR, reference

TARGET = pathlib.Path(__file__).parents[3] / "packages/hub/test/fixtures/tokenizer-steps.json"
BLOCK = 4096

# Variants of other steps.
LEFT_OUT = ("BertNormalizer clean=True chinese=False", "BertNormalizer clean=False chinese=True", "Metaspace _")

# Steps for which a digest over every code point is made.
WITH_DIGEST = {
    "BertNormalizer clean=True chinese=True strip=None lower=True",
    "BertNormalizer clean=True chinese=True strip=False lower=False",
    *("Strip True True", "StripAccents", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Precompiled bytes"),
    *("BertPreTokenizer", "Whitespace", "UnicodeScripts", "ByteLevel add=True regex=True", "Punctuation Isolated"),
    *("Digits True", "Split o200k", "Split glm"),
}

# Each text shows a difference between other software and the library.
TEXTS = [
    "",
    "a\u0085b\ufeffc",
    " \ufeffa ",
    "²a ¹³¼½¾ a\u200db\u200cc",
    "e\u0301 \u0c15\u0c3c \u0d15\u0d00 a\u1df6 é",
    "a\u061db\u2e43c\u2e52d",
    "\U0002b81f\U0002b820\U0002b91f\U0002b920中a",
    "ΑΣ ΑΣ. ẞßſ İIıi",
    "ｆｕｌｌ　ｗｉｄｔｈ ﬁ①Ⅷ㍿",
    "👩\u200d💻👍🏽🇩🇪é",
    "Don't we'll I'VE 'S it's\r\n\r\n  done\t ",
    "한국어 가각 कक्षा सिद्धि ไทยสำ",
    "日本語カタカナーひらがな、中文。",
    "x\u0001\u007f\u00ad\u200b\u2028y\u2581z\ufffd",
    "camelCaseWord ABCdef HTTPServer1234",
    "U+1DF6 \u0378\U00010d69\u0301 \U000105d2\u0307",
]

DELIMITED = ["a-b--c -d- 12 345,6", "-- a", "ab  ab", "x1 22 333-"]


def every_code_point():
    """Texts of 4096 code points each, separated by an `x` and a space."""
    for start in range(0, 0x110000, BLOCK):
        codes = [c for c in range(start, start + BLOCK) if not 0xD800 <= c < 0xE000]
        if codes:
            yield "".join(f"x{chr(c)} " for c in codes)


def chosen_steps():
    for kind, steps in (
        ("normalizer", steps_to_compare.normalizers()),
        ("pre_tokenizer", steps_to_compare.pre_tokenizers()),
    ):
        for name, step in steps.items():
            # The tables of SentencePiece take a quarter of a megabyte each.
            is_small = len(json.dumps(step)) < 10_000
            if is_small and not name.startswith(LEFT_OUT):
                yield kind, name, step


def main():
    rng = random.Random(20)
    texts = [*TEXTS, *(random_text(rng) for _ in range(4)), *DELIMITED]
    steps = []
    for kind, name, step in chosen_steps():
        run = reference(kind, step)
        # The behaviors of Split need no corner cases of Unicode.
        shown = texts[-8:] if name.startswith(("Split String", "Split Regex")) else texts
        entry = {"kind": kind, "name": name, "step": step, "expected": list(map(run, shown))}
        if name in WITH_DIGEST:
            outputs = "\n".join(map(run, every_code_point()))
            entry["digest"] = hashlib.sha256(outputs.encode()).hexdigest()
        steps.append(entry)
    fixture = {
        "madeBy": f"tokenizers {tokenizers.__version__}, scripts/reference/tokenizers/make_fixtures.py",
        "separator": SEPARATOR,
        "texts": texts,
        "steps": steps,
    }
    lines = json.dumps(fixture, ensure_ascii=True).replace('{"kind"', '\n{"kind"')
    TARGET.write_text(lines + "\n")
    print(TARGET.stat().st_size, "bytes", len(steps), "steps")


if __name__ == "__main__":
    main()
