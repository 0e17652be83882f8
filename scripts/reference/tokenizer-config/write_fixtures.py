"""Writes the fixtures of packages/hub/test/tokenizer-config from the answers of transformers 5.

Usage: python write_fixtures.py OUT FIXTURE.json   (after ask.py)
"""

import json
import re
import sys
from pathlib import Path

from compare import PARTS, without_pairs
from texts import TEXTS

# One case of each kind: the classes whose names are left out make the same tokenizers.
KINDS = re.compile(
    r"^Bert (?!(do_lower_case|tokenize_chinese_chars|strip_accents) True|.*config true$|vocab.txt no|both|split)"
    r"|^PreTrainedFast (do_lower_case F|silent|file|no post|extra tokens$|own token|decoder and|decoder without|padding|truncation|vocab.txt$|sentence|prefix)"
    r"|^(DistilBert|none) (silent|do_lower_case F)|^no tokenizer_config|^(modernbert|custom) |^class in config|^Bert over|^unknown class|^auto_map|with a file$"
    r"|^MPNet (?!bert tokens|strip)|^Roberta (?!sentence|vocab.json bos)|^GPT2 (prefix config N|no post|bytelevel|template|vocab.json)"
    r"|^XLMRoberta xlm-roberta over xlmr (?!old metaspace|left|do_lower|split)|^Camembert camembert over (camembert|xlmr) (silent|add|seq|unk|extra)"
)
SAMPLE = [index for index, text in enumerate(TEXTS) if text in (
    "", "  a  b  ", "a [MASK] b", "<s>hello</s>", "a <extra> b", "Newword NEWWORD", "é" * 20, "a中b", "THE the The",
    "Ça va? Où êtes-vous? L'été, c'est déjà fini. Les œuvres complètes.")]


class Pool:
    """Stores values of which many are equal as indices into a list."""

    def __init__(self):
        self.places, self.values = {}, []

    def place(self, value):
        text = dump(value)
        if text not in self.places:
            self.places[text] = len(self.values)
            self.values.append(value)
        return self.places[text]


def expected(answer, pool):
    if "error" in answer:
        return None
    parts = {part: without_pairs(answer["json"][part]) for part in PARTS}
    parts["model"] = {key: value for key, value in parts["model"].items() if key not in ("vocab", "merges")}
    settings = {key: answer[key] for key in ("max_length", "truncation_side", "split_special_tokens", "token_types")}
    rows = {key: pool.place([answer[key][i] for i in SAMPLE]) for key in ("ids", "short")}
    return {**{part: pool.place(value) for part, value in parts.items()}, **settings, **rows}


def main(out, fixture):
    answers = json.loads((out / "answers-5.json").read_text("utf-8"))
    cases, pool = [], Pool()
    for name, answer in sorted(answers.items()):
        case = json.loads((out / name / "case.json").read_text("utf-8"))
        if KINDS.search(case["name"]):
            cases.append({**case, "expected": expected(answer, pool)})
    bases = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((out / "bases").iterdir())}
    mpnet = bases.pop("mpnet")
    bases["mpnet"] = {key: mpnet[key] for key in ("added_tokens", "post_processor")}  # the rest is that of "bert"
    lines = [
        '"texts": ' + dump([TEXTS[i] for i in SAMPLE]),
        '"bases": {\n' + ",\n".join(f"{dump(name)}: {dump(json_)}" for name, json_ in bases.items()) + "\n}",
        '"pool": [\n' + ",\n".join(map(dump, pool.values)) + "\n]",
        '"cases": [\n' + ",\n".join(map(dump, cases)) + "\n]",
    ]
    fixture.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    print(len(cases), "cases,", fixture.stat().st_size, "bytes")


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
