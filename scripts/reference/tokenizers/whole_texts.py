"""Writes the texts of the comparison, one JSON string a line: corners at random, and real text in many languages.

    python whole_texts.py OUT.jsonl [COUNT]

Real text comes from the manual pages and message catalogues of the machine.
"""

import gettext
import gzip
import json
import random
import re
import sys
from pathlib import Path

SPACES = list(" \t\n\r\v\f\u0085\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000\u200b\ufeff\x1c\x1f")
MARKS = list("\u0301\u0300\u0308\u0327\u0316\u05b4\u064b\u0c3c\u0d00\u1df6\u20dd\u3099\ufe0f\u0345\u0344")
JOINERS = list("\u200c\u200d\u00ad\u2060\u0000\u0001\u007f\ufffd\ufffe\U000e0001\ue000")
LETTERS = list("abcdefgzABCXYZßıİſéÉñøœﬁﬀＡａⅧΣσςЖжאבابप्रกำ한ᄒ\u1161\u11abǅ")
IDEOGRAPHS = list("中文字日本語カナひらー\u3400\U00020000\U0002b81f\U0002b820\U0002ceb0\uf900\U00030000")
DIGITS = list("0123456789٣२²³¼½①〇Ⅷ")
SIGNS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»„“’…–—、。「」¿¡€£·؛؟\u061d\u2e43✓™§")
EMOJI = ["😀", "👍🏽", "👩‍👩‍👧", "🇩🇪", "❤️", "🏳️‍🌈", "\U0001fae8", "1️⃣"]
WORDS = [
    "hello", "world", "The", "gpu", "gpus", "unaffable", "isn't", "I'm", "WE'LL", "naïve", "x" * 101, "ab" * 60,
    "http://example.com/a?b=c", "3.14159", "00000000", "1,000,000", "foo_bar", "CamelCase", "straße", "ΟΔΟΣ", "Привет",
    "日本語", "한국어", "สวัสดี", "नमस्ते", "مرحبا", "▁", "▁▁a", "##ing", "Ġ", "</w>", "<0x41>", "ﬃ", "e\u0301\u0316",
]
LOOKALIKES = [
    "[CLS]", "[SEP]", "[MASK]", "[cls]", "[Mask]", "<s>", "</s>", "<mask>", "<MASK>", "<unk>", "<pad>", "[UNK]",
    "[unused0]", "<|endoftext|>", "<|im_start|>", "<｜fim▁hole｜>", "＜s＞", "[ CLS ]", "<s", "[MASK", "ADD", "add", "Add",
    "<add>", "multi word", "Multi Word", "ÉTÉ", "été", "ete", "lstrip", "rstrip", "single", "singles", "<b>", "<b><c>",
]
POOLS = [SPACES, MARKS, JOINERS, LETTERS, IDEOGRAPHS, DIGITS, SIGNS, EMOJI, WORDS, LOOKALIKES, LETTERS, SIGNS, [" "], [" "]]


def corner(chance: random.Random) -> str:
    pools = chance.sample(POOLS, chance.randint(1, 6))
    return "".join(chance.choice(chance.choice(pools)) for _ in range(chance.choice([1, 2, 3, 5, 8, 13, 30, 60])))


def any_text(chance: random.Random) -> str:
    """Characters of any kind, assigned or not."""
    limit = chance.choice([0x250, 0x3000, 0x10000, 0x20000, 0x110000])
    codes = (chance.randrange(limit) for _ in range(chance.randint(1, 30)))
    return "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000)


def real_lines() -> list[str]:
    lines: list[str] = []
    for page in sorted(Path("/usr/share/man").rglob("*.gz")):
        text = gzip.open(page, "rt", encoding="utf-8", errors="replace").read()
        lines += [re.sub(r"\\f[A-Z]|\\", "", line) for line in text.splitlines() if not line.startswith((".", "'"))]
    for catalogue in sorted(Path("/usr/share/locale").rglob("*.mo")):
        try:
            messages = gettext.GNUTranslations(catalogue.open("rb"))._catalog
        except (OSError, UnicodeDecodeError, ValueError, LookupError):
            continue
        lines += [text for text in messages.values() if text]
    return list(dict.fromkeys(line for line in lines if len(line) > 10))


def main() -> None:
    out, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 24_000
    chance = random.Random(20)
    real = real_lines()
    texts = [corner(chance) for _ in range(count // 2)] + [any_text(chance) for _ in range(count // 12)] + LOOKALIKES + WORDS
    while len(texts) < count:
        texts.append(" ".join(chance.sample(real, chance.choice([1, 1, 1, 2, 5]))))
    texts += ["", " ", "\0", "a" * 5000, "0" * 3000, "中" * 3000, "hello world " * 400, "é" * 999, "<s>" * 500]
    with out.open("w") as file:
        for text in texts:
            file.write(json.dumps(text.encode("utf-8", "replace").decode()) + "\n")
    print(f"{len(texts)} texts, of {len(real)} real lines")


main()
