"""The steps of tokenizer.json that compare_steps.py runs, as JSON."""

import base64

BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]

PATTERNS = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "clip": r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    "llama3": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "qwen2": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "cl100k": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "o200k": "|".join(
        [
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
            r"\p{N}{1,3}",
            r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
            r"\s*[\r\n]+",
            r"\s+(?!\S)",
            r"\s+",
        ]
    ),
    "deepseek3": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "deepseek3-cjk": r"[一-龥぀-ゟ゠-ヿ]+",
    "deepseek-1": r"\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-Ֆ]+",
    "deepseek-2": r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
    "newline": r"[\r\n]",
    "bloom": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "starcoder": r"\p{N}",
    "falcon": r"[0-9][0-9][0-9]",
    "spaces": r" {2,}",
    "words": r"\w+|[^\w\s]+",
    "phi": r"\b\w+\b",
    "t5": r"\s+$|^\s+",
    "gemma-digits": r"\d{1,3}(?=(?:\d{3})*\b)",
    "glm": r"\p{Han}|\p{Hiragana}+|\p{Katakana}+|\p{Latin}+|[[:punct:]]",
}

# The steps that also run on every code point: at least one of each kind that depends on characters.
ON_EVERY_CODE_POINT = {
    "BertNormalizer clean=True chinese=True strip=None lower=True",
    "BertNormalizer clean=True chinese=True strip=False lower=False",
    "BertNormalizer clean=False chinese=False strip=True lower=False",
    *("Strip True True", "StripAccents", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Nmt", "ByteLevel"),
    *("Precompiled nmt_nfkc", "Precompiled nmt_nfkc_cf", "Precompiled bytes"),
    *("BertPreTokenizer", "Whitespace", "WhitespaceSplit", "UnicodeScripts", "ByteLevel add=True regex=True"),
    *("Metaspace ▁ always True", "Punctuation Isolated", "Digits True", "FixedLength 1"),
    *("Split clip", "Split llama3", "Split cl100k", "Split o200k", "Split deepseek3", "Split words", "Split phi"),
    *("Split glm", "Split bloom"),
}


def byte_table():
    """A table of Precompiled that writes X for every cluster of less than 6 bytes."""
    import struct

    units = [0] * 768
    units[0] = 256 << 10
    for byte in range(1, 256):
        units[256 ^ byte] = 768 << 10 | 1 << 8 | byte
        units[256 ^ byte ^ 768] = 1 << 31
    return base64.b64encode(struct.pack("<I768I", 4 * len(units), *units) + b"X\0").decode()


def protobuf_fields(message, wanted):
    """The byte fields of a Protocol Buffers message with this number."""
    at = 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = number()
        if key & 7 == 2:
            size = number()
            if key >> 3 == wanted:
                yield message[at : at + size]
            at += size
        elif key & 7 == 0:
            number()
        else:
            at += 4 if key & 7 == 5 else 8


def sentencepiece_tables():
    """The tables that SentencePiece itself puts into its models, by name."""
    import io

    import sentencepiece

    tables = {}
    for rule in ("nmt_nfkc", "nfkc", "nmt_nfkc_cf", "nfkc_cf"):
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(["hello world", "an example of text"]), model_writer=model, vocab_size=20,
            model_type="char", normalization_rule_name=rule, minloglevel=2,
        )
        (specification,) = protobuf_fields(model.getvalue(), 3)
        (table,) = protobuf_fields(specification, 2)
        tables[rule] = base64.b64encode(table).decode()
    return tables


def normalizers():
    steps = {}
    for clean in (True, False):
        for chinese in (True, False):
            for strip in (None, True, False):
                for lower in (True, False):
                    name = f"BertNormalizer clean={clean} chinese={chinese} strip={strip} lower={lower}"
                    steps[name] = {
                        "type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese,
                        "strip_accents": strip, "lowercase": lower,
                    }
    for left, right in ((True, True), (True, False), (False, True), (False, False)):
        steps[f"Strip {left} {right}"] = {"type": "Strip", "strip_left": left, "strip_right": right}
    for name in ("StripAccents", "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Nmt", "ByteLevel"):
        steps[name] = {"type": name}
    steps["Prepend"] = {"type": "Prepend", "prepend": "▁"}
    for source, content in ((" ", "▁"), ("ab", "$&"), ("", "-"), ("s", ""), ("é", "\\1"), (".", "x")):
        steps[f"Replace {source!r}"] = {"type": "Replace", "pattern": {"String": source}, "content": content}
    for name, source in {**PATTERNS, "empty": "", "stars": "x*", "look": "(?=b)", "ends": r"^|$", "lines": r"^.*$"}.items():
        steps[f"Replace {name}"] = {"type": "Replace", "pattern": {"Regex": source}, "content": "<$0>"}
    for name, table in {**sentencepiece_tables(), "bytes": byte_table()}.items():
        steps[f"Precompiled {name}"] = {"type": "Precompiled", "precompiled_charsmap": table}
    steps["Sequence"] = {
        "type": "Sequence",
        "normalizers": [
            steps["NFKD"], steps["StripAccents"], steps["Lowercase"], steps["Strip True True"], steps["Replace spaces"],
        ],
    }
    return steps


def pre_tokenizers():
    steps = {}
    for name in ("BertPreTokenizer", "Whitespace", "WhitespaceSplit", "UnicodeScripts"):
        steps[name] = {"type": name}
    for add in (True, False):
        for regex in (True, False):
            steps[f"ByteLevel add={add} regex={regex}"] = {
                "type": "ByteLevel", "add_prefix_space": add, "trim_offsets": True, "use_regex": regex,
            }
    for delimiter in " -a中👩":
        steps[f"CharDelimiterSplit {delimiter}"] = {"type": "CharDelimiterSplit", "delimiter": delimiter}
    for mark in "▁_👩":
        for scheme in ("always", "first", "never"):
            for split in (True, False):
                steps[f"Metaspace {mark} {scheme} {split}"] = {
                    "type": "Metaspace", "replacement": mark, "prepend_scheme": scheme, "split": split,
                }
    for behavior in BEHAVIORS:
        steps[f"Punctuation {behavior}"] = {"type": "Punctuation", "behavior": behavior}
        for invert in (True, False):
            for kind, sources in (("String", [" ", "-", "ab", ""]), ("Regex", [r"\s+", r"[a-c]|x*", r"\p{N}{1,2}"])):
                for source in sources:
                    steps[f"Split {kind} {source!r} {behavior} {invert}"] = {
                        "type": "Split", "pattern": {kind: source}, "behavior": behavior, "invert": invert,
                    }
    for name, source in PATTERNS.items():
        steps[f"Split {name}"] = {"type": "Split", "pattern": {"Regex": source}, "behavior": "Isolated", "invert": False}
    for individual in (True, False):
        steps[f"Digits {individual}"] = {"type": "Digits", "individual_digits": individual}
    for length in (1, 3, 5):
        steps[f"FixedLength {length}"] = {"type": "FixedLength", "length": length}
    steps["Sequence xlm-r"] = {
        "type": "Sequence", "pretokenizers": [steps["WhitespaceSplit"], steps["Metaspace ▁ always True"]],
    }
    steps["Sequence bloom"] = {
        "type": "Sequence", "pretokenizers": [steps["Split bloom"], steps["ByteLevel add=False regex=False"]],
    }
    steps["Sequence deepseek"] = {
        "type": "Sequence",
        "pretokenizers": [
            steps["Split newline"], steps["Split deepseek-1"], steps["Split deepseek-2"], steps["Split deepseek3-cjk"],
            steps["Digits True"], steps["ByteLevel add=False regex=False"],
        ],
    }
    steps["Sequence starcoder"] = {
        "type": "Sequence", "pretokenizers": [steps["Digits True"], steps["ByteLevel add=False regex=True"]],
    }
    return steps
