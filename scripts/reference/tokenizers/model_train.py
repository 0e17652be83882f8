"""Trains small tokenizers of every kind with the Rust library, for comparison and for the fixtures.

    python model_train.py TEXTS.jsonl OUT

One file OUT/NAME.json each. What the trainer does not set (byte_fallback, ignore_merges, flags of added tokens,
post-processors) is written into its file afterwards.
"""

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

Json = dict[str, object]
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def train(model: models.Model, trainer: trainers.Trainer, texts: list[str], **steps: object) -> Json:
    tokenizer = Tokenizer(model)
    for name, step in steps.items():
        setattr(tokenizer, name, step)
    tokenizer.train_from_iterator(texts, trainer)
    return json.loads(tokenizer.to_str())


def token(content: str, **flags: bool) -> Json:
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {"id": 0, "content": content, **plain, **flags}


def template(single: list[str], **ids: list[int]) -> Json:
    pieces = [
        {"Sequence": {"id": "A", "type_id": 0}} if name == "$A" else {"SpecialToken": {"id": name, "type_id": 0}}
        for name in single
    ]
    special = {name: {"id": name, "ids": list(of), "tokens": [name] * len(of)} for name, of in ids.items()}
    return {"type": "TemplateProcessing", "single": pieces, "pair": pieces, "special_tokens": special}


def word_pieces(texts: list[str]) -> dict[str, Json]:
    def make(normalizer: object, **options: object) -> Json:
        trainer = trainers.WordPieceTrainer(vocab_size=3000, special_tokens=SPECIAL, show_progress=False, **options)
        prefix = options.get("continuing_subword_prefix", "##")
        model = models.WordPiece(unk_token="[UNK]", continuing_subword_prefix=prefix)
        return train(model, trainer, texts, normalizer=normalizer, pre_tokenizer=pre_tokenizers.BertPreTokenizer())

    uncased = make(normalizers.BertNormalizer(lowercase=True))
    short = json.loads(json.dumps(uncased))
    short["model"]["max_input_chars_per_word"] = 6
    long = json.loads(json.dumps(uncased))
    long["model"]["max_input_chars_per_word"] = 1_000_000
    return {
        "wordpiece-uncased": uncased,
        "wordpiece-cased": make(normalizers.BertNormalizer(lowercase=False)),
        "wordpiece-prefix": make(normalizers.NFC(), continuing_subword_prefix="é_"),
        "wordpiece-no-prefix": make(normalizers.NFKC(), continuing_subword_prefix=""),
        "wordpiece-short": short,
        "wordpiece-long": long,
    }


def bpes(texts: list[str]) -> dict[str, Json]:
    def make(size: int = 3000, pre: object = None, alphabet: int | None = 200, special: list[str] | None = None, **options: object) -> Json:
        names = {"continuing_subword_prefix", "end_of_word_suffix"}
        both = {name: value for name, value in options.items() if name in names}
        more = {"limit_alphabet": alphabet} if alphabet else {"initial_alphabet": pre_tokenizers.ByteLevel.alphabet()}
        trainer = trainers.BpeTrainer(
            vocab_size=size, special_tokens=["<unk>", "<s>", "</s>", *(special or [])], show_progress=False, **more, **both
        )
        return train(models.BPE(**options), trainer, texts, pre_tokenizer=pre or pre_tokenizers.Whitespace())

    def changed(json_: Json, **fields: object) -> Json:
        copy = json.loads(json.dumps(json_))
        copy["model"].update(fields)
        return copy

    byte_level = make(pre=pre_tokenizers.ByteLevel(add_prefix_space=False), alphabet=None)
    plain = make(unk_token="<unk>")
    bytes_ = make(unk_token="<unk>", special=BYTES, byte_fallback=True, pre=pre_tokenizers.Metaspace())
    some = make(unk_token="<unk>", special=BYTES[0xC0:], byte_fallback=True, alphabet=60)
    legacy = changed(byte_level, merges=[" ".join(pair) for pair in byte_level["model"]["merges"]])
    untyped = json.loads(json.dumps(legacy))
    del untyped["model"]["type"]
    return {
        "bpe-plain": plain,
        "bpe-fuse": changed(plain, fuse_unk=True),
        "bpe-without-unk": changed(plain, unk_token=None),
        "bpe-byte-level": byte_level,
        "bpe-byte-level-ignore-merges": changed(legacy, ignore_merges=True),
        "bpe-legacy": untyped,
        "bpe-prefix": make(unk_token="<unk>", continuing_subword_prefix="##"),
        "bpe-suffix": make(unk_token="<unk>", end_of_word_suffix="</w>"),
        "bpe-prefix-suffix": make(unk_token="<unk>", continuing_subword_prefix="@@", end_of_word_suffix="</w>", fuse_unk=True),
        "bpe-byte-fallback": bytes_,
        "bpe-some-bytes": some,
        "bpe-some-bytes-fuse": changed(some, fuse_unk=True),
        "bpe-some-bytes-suffix": make(
            unk_token="<unk>", special=BYTES[0x20:0xE8], byte_fallback=True, fuse_unk=True, alphabet=60,
            end_of_word_suffix="</w>", continuing_subword_prefix="##",
        ),
        "bpe-no-split": {**make(unk_token="<unk>"), "pre_tokenizer": None},
        "bpe-bytes-without-unk": changed(some, unk_token=None),
    }


def unigrams(texts: list[str]) -> dict[str, Json]:
    def make(special: list[str], fallback: bool = False, pre: object = None, **steps: object) -> Json:
        trainer = trainers.UnigramTrainer(
            vocab_size=9000, special_tokens=["<unk>", "<s>", "</s>", *special], unk_token="<unk>", show_progress=False
        )
        made = train(models.Unigram(), trainer, texts, pre_tokenizer=pre or pre_tokenizers.Metaspace(), **steps)
        made["model"]["byte_fallback"] = fallback
        return made

    plain = make([], normalizer=normalizers.NFKC())
    chance = random.Random(5)
    rounded = json.loads(json.dumps(plain))
    for entry in rounded["model"]["vocab"]:
        entry[1] = float(round(entry[1]))  # ties are frequent
    tied = json.loads(json.dumps(plain))
    numbers = [["0" * n, -0.9 * n - chance.choice([0, 1e-16, 0.3])] for n in range(1, 7)]
    tied["model"]["vocab"] = [["<unk>", 0.0], ["▁", -2.1], *numbers, *[[char, -chance.random() * 9] for char in "abc▁"]]
    tied["pre_tokenizer"] = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False}
    words = json.loads(json.dumps(plain))
    words["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, plain["pre_tokenizer"]]}
    return {
        "unigram": plain,
        "unigram-rounded": rounded,
        "unigram-ties": tied,
        "unigram-byte-fallback": make(BYTES, fallback=True),
        "unigram-some-bytes": make(BYTES[0xC0:], fallback=True),
        "unigram-whole-text": make([], pre=pre_tokenizers.Metaspace(split=False)),
        "unigram-words": words,
        "unigram-first": make([], pre=pre_tokenizers.Metaspace(prepend_scheme="first")),
    }


def word_levels(texts: list[str]) -> dict[str, Json]:
    trainer = trainers.WordLevelTrainer(vocab_size=4000, special_tokens=["<unk>"], show_progress=False)
    made = train(models.WordLevel(unk_token="<unk>"), trainer, texts, pre_tokenizer=pre_tokenizers.Whitespace())
    untyped = json.loads(json.dumps(made))
    del untyped["model"]["type"]
    return {"wordlevel": made, "wordlevel-untyped": untyped}


def with_added(files: dict[str, Json]) -> dict[str, Json]:
    """Every combination of flags, on tokens that are in the vocabulary, look like words, or contain
    spaces."""
    contents = ["<add>", "add", "gpu", "Multi Word", "ÉTÉ", "lstrip", "<b>", "<b><c>", "single", "<s", "😀", "0", "hello", "[mask]", "été été", "a", "#"]
    made = {}
    for name in ["wordpiece-uncased", "wordpiece-cased", "bpe-byte-level", "bpe-byte-fallback", "unigram", "unigram-first", "wordlevel"]:
        for mode in range(4):
            chance = random.Random(f"{name}{mode}")
            copy = json.loads(json.dumps(files[name]))
            flags = ["single_word", "lstrip", "rstrip", "normalized", "special"]
            added = [token(content, **{flag: chance.random() < 0.4 for flag in flags}) for content in contents]
            if mode == 3:
                added = [{**one, "single_word": False, "lstrip": True, "rstrip": True} for one in added]
            lower: set[str] = set()
            for one in added:  # the library takes any of those that are equal when they are normalised
                key = str(one["content"]).lower()
                one["normalized"] = bool(one["normalized"]) and key not in lower
                lower.add(key)
            copy["added_tokens"] = [*copy["added_tokens"], *added]
            made[f"added-{mode}-{name}"] = copy
    for mode, normalizer in enumerate([
        {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
        {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "StripAccents"}, {"type": "NFKD"},
    ]):
        copy = json.loads(json.dumps(made[f"added-{mode % 3}-unigram-first"]))
        copy["normalizer"] = normalizer
        copy["added_tokens"] = [one for one in copy["added_tokens"] if "T" not in one["content"]]
        made[f"added-normalizer-{mode}"] = copy
    return made


def with_post_processors(file: Json) -> dict[str, Json]:
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    bert = {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}
    roberta = {"type": "RobertaProcessing", "sep": ["</s>", 7], "cls": ["<s>", 900], "trim_offsets": True, "add_prefix_space": False}
    several = template(["x", "$A", "y", "x"], x=[5, 6, 5], y=[])
    posts = {
        "bert": bert, "roberta": roberta, "bytelevel": byte_level, "several": several, "bare": template(["$A"]),
        "end": template(["$A", "x"], x=[1]), "nested": {"type": "Sequence", "processors": [byte_level, bert, roberta, several, byte_level]},
        "none": None,
    }
    return {f"post-{name}": {**file, "post_processor": post} for name, post in posts.items()}


def main() -> None:
    lines, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    texts = [json.loads(line) for line in lines.open()][-9000:-9]
    files: dict[str, Json] = {}
    kinds: list[Callable[[list[str]], dict[str, Json]]] = [word_pieces, bpes, unigrams, word_levels]
    for kind in kinds:
        files.update(kind(texts))
    files.update(with_added(files))
    files.update(with_post_processors(files["wordpiece-uncased"]))
    for name, file in files.items():
        if name.startswith("added"):  # ids of added tokens as the library gives them
            file = json.loads(Tokenizer.from_str(json.dumps(file)).to_str())
        (out / f"{name}.json").write_text(json.dumps(file, ensure_ascii=False))
    print(f"{len(files)} tokenizers")


main()
