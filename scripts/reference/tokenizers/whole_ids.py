"""Writes the ids that the Rust library gives each text, one JSON list a line; null where it fails.

    python whole_ids.py TOKENIZER.json TEXTS.jsonl OUT.jsonl [split]

`split`: special tokens in a text are text (`encode_special_tokens`).
"""

import json
import sys

from tokenizers import Tokenizer


def main() -> None:
    file, texts, out = sys.argv[1:4]
    tokenizer = Tokenizer.from_file(file)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = "split" in sys.argv[4:]
    with open(out, "w") as target, open(texts) as source:
        for line in source:
            target.write(json.dumps(ids_of(tokenizer, json.loads(line))) + "\n")


def ids_of(tokenizer: Tokenizer, text: str) -> list[int] | None:
    try:
        return tokenizer.encode(text).ids
    except BaseException as error:  # a panic of Rust is not an Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return None


main()
