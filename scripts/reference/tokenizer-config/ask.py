"""Writes what the installed transformers make of each directory of make_cases.py.

Usage: python ask.py OUT [SAVED]   (writes OUT/answers-<major version>.json; saves each tokenizer under SAVED)

A directory with sentence_bert_config.json is opened by sentence-transformers where that is installed.
"""

import json
import sys
from pathlib import Path

import transformers
from texts import TEXTS
from transformers import AutoModel, AutoTokenizer

try:
    from sentence_transformers.base.modules.transformer import Transformer
except ImportError:
    Transformer = None


def open_tokenizer(folder):
    if Transformer is None or not (folder / "sentence_bert_config.json").exists():
        return AutoTokenizer.from_pretrained(folder)
    Transformer._load_model = lambda self, name, task, config, *rest, **more: AutoModel.from_config(config)
    return Transformer.load(str(folder)).tokenizer


def answer(folder):
    tokenizer = open_tokenizer(folder)
    short = 6
    tokenizer.verbose = False
    return {
        "class": type(tokenizer).__name__,
        "json": json.loads(tokenizer.backend_tokenizer.to_str()) if tokenizer.is_fast else None,
        "max_length": tokenizer.model_max_length if tokenizer.model_max_length < 1e9 else None,
        "truncation_side": tokenizer.truncation_side,
        "split_special_tokens": bool(tokenizer.split_special_tokens),
        "token_types": "token_type_ids" in tokenizer.model_input_names,
        "ids": [tokenizer(text)["input_ids"] for text in TEXTS],
        "short": [tokenizer(text, truncation="longest_first", max_length=short)["input_ids"] for text in TEXTS],
    }


def save(folder, to):
    """The directory as save_pretrained leaves it, with the files that do not belong to the
    tokenizer."""
    open_tokenizer(folder).save_pretrained(to)
    for name in ("case.json", "config.json", "sentence_bert_config.json"):
        if (folder / name).exists():
            (to / name).write_bytes((folder / name).read_bytes())


def main(out, saved=None):
    answers = {}
    for folder in sorted(path for path in out.iterdir() if (path / "case.json").exists()):
        try:
            answers[folder.name] = answer(folder)
            if saved:
                save(folder, saved / folder.name)
        except BaseException as error:  # a panic of Rust is not an Exception
            answers[folder.name] = {"error": f"{type(error).__name__}: {error}"[:300]}
    name = f"answers-{transformers.__version__.split('.')[0]}.json"
    (out / name).write_text(json.dumps(answers, ensure_ascii=False), "utf-8")
    print(name, len(answers), "of which fail", sum("error" in each for each in answers.values()))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
