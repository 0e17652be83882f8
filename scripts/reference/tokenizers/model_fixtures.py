"""Writes packages/hub/test/fixtures/tokenizer-models.json: small tokenizer files, texts, and the ids of the Rust library.

    python model_fixtures.py OUT.json
"""

import json
import random
import sys

from tokenizers import Tokenizer, __version__

Json = dict[str, object]
WHITESPACE: Json = {"type": "WhitespaceSplit"}


def file(model: Json, **parts: object) -> Json:
    empty = {"truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None}
    return {"version": "1.0", **empty, "post_processor": None, "decoder": None, **parts, "model": model}


def ids(*tokens: str) -> dict[str, int]:
    return {token: at for at, token in enumerate(tokens)}


def token(content: str, **flags: bool) -> Json:
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {"id": 0, "content": content, **plain, **flags}


def word_piece(**changes: object) -> Json:
    vocab = ids("[UNK]", "un", "##aff", "##able", "a", "##a", "😀", "##😀", "the", "##the", "t", "##h", "[cls]", "gpu", "##s", "[CLS]")
    fields = {"unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 8, "vocab": vocab}
    return file({"type": "WordPiece", **fields, **changes}, pre_tokenizer=WHITESPACE)


WORD_PIECE_TEXTS = ["unaffable", "unaffabl", "aaaaaaaa aaaaaaaaa", "😀😀😀😀😀😀😀😀 😀😀😀😀😀😀😀😀😀", "😀a a😀", "thethe th tt", "", " ", "a\0a"]


def bpe(**changes: object) -> Json:
    vocab = ids("<unk>", "a", "b", "c", "ab", "bc", "abc", "d", "cd", "<0xC3>", "<0xA9>", "<0xF0>", "é")
    fields = {"vocab": vocab, "merges": [["a", "b"], ["b", "c"], ["ab", "c"], ["c", "d"], ["a", "bc"]], "unk_token": "<unk>"}
    return file({"type": "BPE", **fields, **changes}, pre_tokenizer=WHITESPACE)


def affixed(**changes: object) -> Json:
    vocab = ids("<unk>", "a", "##a", "##a</w>", "a</w>", "aa", "##aa</w>", "aaa</w>", "##aa", "<0x23>", "<0xC3>", "<0xA9>", "<0x3C>", "<0x2F>", "<0x77>", "<0x3E>")
    merges = [["##a", "##a</w>"], ["a", "##a"], ["##a", "##a"], ["a", "##aa</w>"]]
    fields = {"vocab": vocab, "merges": merges, "unk_token": "<unk>", "continuing_subword_prefix": "##", "end_of_word_suffix": "</w>"}
    return file({"type": "BPE", **fields, **changes}, pre_tokenizer=WHITESPACE)


BPE_TEXTS = ["abc", "abcd abcdabcd", "aabbccdd", "xyx", "axb xxa", "aéb ñéñ éñ", "xéy x€éx", "", "ab" * 40, "<unk>"]
AFFIX_TEXTS = ["a", "aa", "aaa aaaa", "éa aé", "xa ax xx", "aéx"]

UNIGRAM_VOCAB: list[list[object]] = [
    ["<unk>", 0.0], ["▁", -2.2], ["0", -3.1], ["00", -4.654321098765432], ["000", -6.98148164814814],
    ["ab", -2.0], ["a", -1.0], ["b", -1.0], ["abc", -3.0], ["c", -1.0], ["<0xC3>", -9.0], ["<0xA9>", -9.0], ["😀", -4.0], ["😀a", -5.5],
]


def unigram(fallback: bool = False, vocab: list[list[object]] = UNIGRAM_VOCAB, **parts: object) -> Json:
    return file({"type": "Unigram", "unk_id": 0, "vocab": vocab, "byte_fallback": fallback}, **parts)


def tied_scores() -> list[list[object]]:
    """Two single letters are as likely as the pair by the doubles as written, but not as the
    library reads them."""
    chance = random.Random(3)
    vocab: list[list[object]] = [["<unk>", 0.0], ["▁", -2.1]]
    for letter in "abc":
        while True:
            score = -chance.random() * 10
            both = [[letter, score], [letter * 2, 2 * score]]
            tried = Tokenizer.from_str(json.dumps(file({"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], *both]})))
            if len(tried.encode(letter * 2).ids) == 2:
                vocab += both
                break
    return vocab


UNIGRAM_TEXTS = ["▁000000", "00000000", "0000000", "abcab", "ab", "é", "éé", "xéy", "xx", "a<unk>b", "<unk>x", "😀😀a", "", "aaaa", "▁bbcc"]

WORDS = ids("<unk>", "hello", "gpu", "gpus", "s", "[MASK]", "mask", "a", "b", "été", "x", "ete", ".", " ")


def with_added(added: list[Json], normalizer: Json | None = None, splitting: Json | None = WHITESPACE) -> Json:
    return file({"type": "WordLevel", "vocab": WORDS, "unk_token": "<unk>"}, added_tokens=added, normalizer=normalizer, pre_tokenizer=splitting)


ADDED_TEXTS = [
    "gpu gpus gpu.", "GPU gpu_ _gpu -gpu-", "é gpué gpu\u200d gpu\u0301 gpu²", "[MASK] [mask] a[MASK]b", "a  [MASK]  b", "a\u0085[MASK]\ufeffb",
    "<b><c> <b> <b><b>", "<b", "ＧＰＵ gpu", "ÉTÉ été ete", "A  B A B", "New hello NEW", "axxy", "\u3000New\u3000",
]
LOWER: Json = {"type": "Lowercase"}
ADDED = {
    "single word": with_added([token("gpu", single_word=True)]),
    "single word, normalised": with_added([token("GPU", single_word=True, normalized=True)], LOWER),
    "strips left": with_added([token("[MASK]", lstrip=True, special=True)], LOWER),
    "strips right": with_added([token("[MASK]", rstrip=True, special=True)], None, None),
    "strips both, and a space is a token": with_added([token("A", rstrip=True), token("B", lstrip=True), token(" ")], None, None),
    "longest": with_added([token("<b>"), token("<b><c>"), token("<b><b>", single_word=True)]),
    "raw before normalised": with_added([token("New"), token("hello new", normalized=True)], LOWER),
    "accents": with_added([token("ÉTÉ", normalized=True)], {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, LOWER]}),
    "nothing inside what does not stand": with_added([token("xx", single_word=True), token("xy")], None, None),
    "later of two": with_added([token("x"), token("x", lstrip=True), token("")], None, None),
}

MARKED = file(
    {"type": "WordLevel", "vocab": ids("<unk>", "▁a", "a", "▁b", "b"), "unk_token": "<unk>"},
    added_tokens=[token("|"), token("b|", normalized=True)],
    normalizer={"type": "Strip", "strip_left": True, "strip_right": True},
    pre_tokenizer={"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": True},
)

SPECIAL = {"x": {"id": "x", "ids": [5, 6, 5], "tokens": ["x", "y", "z"]}, "y": {"id": "y", "ids": [], "tokens": []}}
PIECES = [{"SpecialToken": {"id": name, "type_id": 0}} for name in "xy"]
TEXT = {"Sequence": {"id": "A", "type_id": 0}}
TEMPLATE = {"type": "TemplateProcessing", "single": [PIECES[0], TEXT, PIECES[1], PIECES[0]], "pair": [TEXT], "special_tokens": SPECIAL}
BERT = {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}
ROBERTA = {"type": "RobertaProcessing", "sep": ["</s>", 7], "cls": ["<s>", 900], "trim_offsets": True, "add_prefix_space": False}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}


# A token of white space that the previous one includes entirely. (With two such tokens after it,
# the library panics.)
SPACE_TOKENS = with_added([token("foo", rstrip=True), token(" ", lstrip=True), token("<mask>", lstrip=True, rstrip=True), token("\n", lstrip=True)])
SPACE_TOKEN_TEXTS = ["foo ", "foo a", "a foo b", "<mask>\n", "a\n<mask>\na", "<mask>foo ", "a b\na"]

# Several characters of the normalised text come from the first character of the text.
DIGITS = {"type": "WordLevel", "vocab": ids("<unk>", "▁1", "1", "▁2a", "2a", "▁2", "2", "▁a", "a"), "unk_token": "<unk>"}
EXPANDED = {**MARKED, "model": DIGITS, "normalizer": {"type": "NFKC"}, "added_tokens": [token("\u2044", normalized=True)]}
EXPANDED_TEXTS = ["\u00bda", "a\u00bda", "\u00bd a", "\u2044a", "\u00bd"]


def cases() -> dict[str, tuple[Json, list[str]]]:
    posts = {"BertProcessing": BERT, "RobertaProcessing": ROBERTA, "ByteLevel": BYTE_LEVEL, "several ids": TEMPLATE, "sequence": {"type": "Sequence", "processors": [BYTE_LEVEL, BERT, ROBERTA, TEMPLATE, BYTE_LEVEL]}}
    untyped = bpe(merges=["#version: 0.2", "a b", "b c", "ab c", "c d", "a bc", "a b"])
    del untyped["model"]["type"]
    return {
        "WordPiece": (word_piece(), WORD_PIECE_TEXTS),
        "WordPiece without a prefix": (word_piece(continuing_subword_prefix=""), WORD_PIECE_TEXTS),
        "WordPiece of long words": (word_piece(max_input_chars_per_word=1_000_000), [*WORD_PIECE_TEXTS, "a" * 2000]),
        "BPE": (bpe(), BPE_TEXTS),
        "BPE that fuses": (bpe(fuse_unk=True), BPE_TEXTS),
        "BPE without an unknown token": (bpe(unk_token=None), BPE_TEXTS),
        "BPE with bytes": (bpe(byte_fallback=True, vocab={**ids("<unk>", "a", "b", "c", "ab", "bc", "abc", "d", "cd", "<0xC3>", "<0xA9>", "<0xF0>")}), BPE_TEXTS),
        "BPE with bytes that fuses": (bpe(byte_fallback=True, fuse_unk=True, vocab={**ids("<unk>", "a", "b", "c", "ab", "bc", "abc", "d", "cd", "<0xC3>", "<0xA9>", "<0xF0>")}), BPE_TEXTS),
        "BPE that takes whole words first": (bpe(ignore_merges=True, merges=[["a", "b"]]), BPE_TEXTS),
        "BPE of older versions": (untyped, BPE_TEXTS),
        "BPE with a merge twice": (bpe(merges=[["a", "b"], ["b", "c"], ["a", "b"]]), BPE_TEXTS),
        "BPE with prefix and suffix": (affixed(), AFFIX_TEXTS),
        "BPE with prefix, suffix and bytes": (affixed(byte_fallback=True, fuse_unk=True), AFFIX_TEXTS),
        "Unigram": (unigram(), UNIGRAM_TEXTS),
        "Unigram with bytes": (unigram(fallback=True), UNIGRAM_TEXTS),
        "Unigram with ties": (unigram(vocab=tied_scores()), UNIGRAM_TEXTS),
        "WordLevel": (with_added([]), ADDED_TEXTS),
        **{f"added: {name}": (one, ADDED_TEXTS) for name, one in ADDED.items()},
        "the first word only": (MARKED, ["a b", " a b", "|a b", "a|a", " |a", "b|a", "", "\u3000a"]),
        "added: white space behind rstrip": (SPACE_TOKENS, SPACE_TOKEN_TEXTS),
        "the first word only, with characters that expand": (EXPANDED, EXPANDED_TEXTS),
        **{f"post-processor: {name}": ({**word_piece(), "post_processor": post}, ["a unaffable", ""]) for name, post in posts.items()},
    }


def main() -> None:
    made = []
    for name, (json_, texts) in cases().items():
        tokenizer = Tokenizer.from_str(json.dumps(json_))
        expected = [tokenizer.encode(text).ids for text in texts]
        made.append({"name": name, "tokenizer": json_, "texts": texts, "ids": expected})
        if name.startswith("added: strips"):
            tokenizer.encode_special_tokens = True
            expected = [tokenizer.encode(text).ids for text in texts]
            made.append({"name": f"{name}, split", "tokenizer": json_, "texts": texts, "ids": expected, "split": True})
    with open(sys.argv[1], "w") as out:
        json.dump({"tokenizers": __version__, "cases": made}, out, ensure_ascii=True, separators=(",", ":"))
        out.write("\n")


main()
