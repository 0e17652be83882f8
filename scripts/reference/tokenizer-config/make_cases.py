"""Writes directories of tokenizer files, each with one way in which settings may differ from tokenizer.json.

Usage: python make_cases.py OUT [COUNT [SEED]]   (needs tokenizers and sentencepiece; COUNT: this many random cases instead)
"""

import base64
import copy
import io
import json
import random
import sys
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from sentencepiece import sentencepiece_model_pb2 as proto
from texts import CORNERS, SENTENCES

BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
TINY = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8, "vocab_size": 2000,
        "max_position_embeddings": 64, "dim": 8, "n_layers": 1, "n_heads": 2, "hidden_dim": 8, "embedding_size": 8, "d_model": 8, "encoder_attention_heads": 2,
        "decoder_attention_heads": 2, "encoder_layers": 1, "decoder_layers": 1}
CORPUS = SENTENCES * 3 + [text for text in CORNERS if not any(mark in text for mark in "<[")]


def added(token, id, **flags):
    base = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"id": id, "content": token, **base, **flags}


def template(first, last):
    return {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": first[0], "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                   {"SpecialToken": {"id": last[0], "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {token: {"id": token, "ids": [id], "tokens": [token]} for token, id in (first, last)},
    }


def whole(**parts):
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
            "pre_tokenizer": None, "post_processor": None, "decoder": None, **parts}


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    specials = BERT + ["<s>", "<pad>", "</s>", "<mask>", "[unused1]"]
    tokenizer.train_from_iterator(CORPUS + [s.lower() for s in CORPUS], trainers.WordPieceTrainer(vocab_size=900, special_tokens=specials))
    return whole(
        added_tokens=[added(token, id) for id, token in enumerate(BERT)],
        normalizer={"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        pre_tokenizer={"type": "BertPreTokenizer"},
        post_processor=template(("[CLS]", 2), ("[SEP]", 3)),
        decoder={"type": "WordPiece", "prefix": "##", "cleanup": True},
        model=json.loads(tokenizer.to_str())["model"],
    )


def mpnet(bert):
    json_ = copy.deepcopy(bert)
    json_["added_tokens"] = [added("[UNK]", 1), added("<s>", 5, normalized=True), added("<pad>", 6, normalized=True),
                             added("</s>", 7, normalized=True), added("<mask>", 8, lstrip=True)]
    json_["post_processor"] = {"type": "RobertaProcessing", "sep": ["</s>", 7], "cls": ["<s>", 5], "trim_offsets": True, "add_prefix_space": False}
    return json_


def bytelevel():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    specials = ROBERTA + ["<|endoftext|>"]
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=700, special_tokens=specials, initial_alphabet=alphabet))
    return whole(
        added_tokens=[added(token, id, lstrip=token == "<mask>") for id, token in enumerate(ROBERTA)],
        pre_tokenizer={"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        post_processor={"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False},
        decoder={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        model={**json.loads(tokenizer.to_str())["model"], "continuing_subword_prefix": "", "end_of_word_suffix": ""},
    )


def sentencepiece_model(rules):
    """A Unigram model whose normalisation table is small: it folds only a few characters."""
    rules.write_text("FF41\t61\nFB01\t66 69\nA0\t20\n3000\t20\n2460\t31\nB2\t32\n", "utf-8")
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([s for s in CORPUS if s.strip()]), model_writer=out, vocab_size=420, character_coverage=1.0,
        hard_vocab_limit=False, normalization_rule_tsv=str(rules), add_dummy_prefix=True, minloglevel=2,
    )
    return out.getvalue()


def unigram(spm):
    model = proto.ModelProto.FromString(spm)
    pieces = [(piece.piece, round(piece.score, 6)) for piece in model.pieces[3:]]
    vocab = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], *map(list, pieces), ["<mask>", 0.0]]
    charsmap = base64.b64encode(model.normalizer_spec.precompiled_charsmap).decode()
    mark = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return whole(
        added_tokens=[added(t, i) for i, t in enumerate(["<s>", "<pad>", "</s>", "<unk>"])] + [added("<mask>", len(vocab) - 1, lstrip=True)],
        normalizer={"type": "Precompiled", "precompiled_charsmap": charsmap},
        pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, mark]},
        post_processor=template(("<s>", 0), ("</s>", 2)),
        decoder=mark,
        model={"type": "Unigram", "unk_id": 3, "vocab": vocab, "byte_fallback": False},
    )


def camembert(xlmr):
    json_ = copy.deepcopy(xlmr)
    reserved = [["<s>NOTUSED", 0.0], ["<pad>", 0.0], ["</s>NOTUSED", 0.0], ["<unk>", 0.0], ["<unk>NOTUSED", -100.0]]
    vocab = reserved + json_["model"]["vocab"][4:-1] + [["<s>", 0.0], ["</s>", 0.0], ["<mask>", 0.0]]
    ids = {token: id for id, (token, _) in enumerate(vocab)}
    json_["model"]["vocab"] = vocab
    json_["added_tokens"] = [added(t, ids[t]) for t in ("<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED", "<s>", "</s>")]
    json_["added_tokens"].append(added("<mask>", ids["<mask>"], lstrip=True))
    json_["post_processor"] = template(("<s>", ids["<s>"]), ("</s>", ids["</s>"]))
    return json_


def case(name, base, tokenizer_config=None, model_type=None, **more):
    """`patch` replaces parts of tokenizer.json, `model` parts of its model; `files` are other files
    by name."""
    config = {"model_type": model_type} if model_type else {"model_type": "bert"}
    return {"name": name, "base": base, "config": {**config, **more.pop("config", {})}, "tokenizer_config": tokenizer_config, **more}


def normalizer(**fields):
    return {"normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True, **fields}}


def bert_cases():
    typed = {"__type": "AddedToken", "single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    flags = {key: value for key, value in plain.items() if key != "special"}
    decoder = {str(i): {"content": t, **plain} for i, t in enumerate(BERT)}
    for cls in ("BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer", "ElectraTokenizerFast", "PreTrainedTokenizerFast", None):
        name = {"tokenizer_class": cls} if cls else {}
        short = (cls or "none").replace("Tokenizer", "")
        for option in ("do_lower_case", "tokenize_chinese_chars", "strip_accents"):
            for value in (True, False):
                yield case(f"{short} {option} {value}", "bert", {**name, option: value})
        yield case(f"{short} silent", "bert", name)
        for field in ("lowercase", "handle_chinese_chars", "strip_accents", "clean_text"):
            yield case(f"{short} file {field} false", "bert", name, patch=normalizer(**{field: False}))
            yield case(f"{short} file {field} false, config true", "bert", {**name, "do_lower_case": True, "strip_accents": True, "tokenize_chinese_chars": True}, patch=normalizer(**{field: False}))
        yield case(f"{short} strip_accents null", "bert", {**name, "strip_accents": None, "do_lower_case": False})
        yield case(f"{short} no normalizer", "bert", {**name, "do_lower_case": False}, patch={"normalizer": None})
        yield case(f"{short} other normalizer", "bert", name, patch={"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]}})
        yield case(f"{short} other pre-tokenizer", "bert", name, patch={"pre_tokenizer": {"type": "WhitespaceSplit"}})
        yield case(f"{short} no post-processor", "bert", name, patch={"post_processor": None})
        yield case(f"{short} other prefix", "bert", name, model={"continuing_subword_prefix": "@@", "max_input_chars_per_word": 20})
        yield case(f"{short} split_special_tokens", "bert", {**name, "split_special_tokens": True})
        yield case(f"{short} truncation left", "bert", {**name, "truncation_side": "left", "model_max_length": 9})
        yield case(f"{short} truncation in file", "bert", name, patch={"truncation": {"direction": "Left", "max_length": 6, "strategy": "LongestFirst", "stride": 0}})
        yield case(f"{short} max_len", "bert", {**name, "max_len": 16})
        yield case(f"{short} max_len and huge", "bert", {**name, "max_len": 16, "model_max_length": 1000000000000000019884624838656})
        yield case(f"{short} model_max_length null", "bert", {**name, "max_len": 16, "model_max_length": None})
        yield case(f"{short} model_input_names", "bert", {**name, "model_input_names": ["input_ids", "attention_mask"]})
        yield case(f"{short} extra tokens", "bert", {**name, "additional_special_tokens": ["<extra>", "newword"]})
        yield case(f"{short} extra tokens new name", "bert", {**name, "extra_special_tokens": ["<extra>", "<one>"]})
        yield case(f"{short} both extra", "bert", {**name, "extra_special_tokens": ["<one>"], "additional_special_tokens": ["<extra>"]})
        yield case(f"{short} extra typed", "bert", {**name, "additional_special_tokens": [{**typed, "content": "<extra>", "lstrip": True}]})
        yield case(f"{short} extra by name", "bert", {**name, "extra_special_tokens": {"image_token": "<one>"}})
        yield case(f"{short} own token", "bert", {**name, "fim_token": "<fim>"})
        yield case(f"{short} decoder", "bert", {**name, "added_tokens_decoder": decoder})
        yield case(f"{short} decoder and more", "bert", {**name, "added_tokens_decoder": {**decoder, "2000": {"content": "newword", **plain, "special": False, "normalized": True}}})
        yield case(f"{short} decoder lstrip", "bert", {**name, "mask_token": "[MASK]", "added_tokens_decoder": {**decoder, "4": {"content": "[MASK]", **plain, "lstrip": True}}})
        yield case(f"{short} decoder lacks tokens", "bert", {**name, "added_tokens_decoder": {"0": decoder["0"]}})
        yield case(f"{short} decoder without file's", "bert", {**name, "added_tokens_decoder": decoder}, patch={"added_tokens": [added(t, i) for i, t in enumerate(BERT)] + [added("newword", 0, special=False, normalized=True)]})
        yield case(f"{short} file adds words", "bert", name, patch={"added_tokens": [added(t, i) for i, t in enumerate(BERT)] + [added("newword", 1200, special=False, normalized=True), added("<extra>", 1201)]})
        yield case(f"{short} file adds one word", "bert", name, patch={"added_tokens": [added("newword", 0, special=False, normalized=True, single_word=True)]})
        yield case(f"{short} other cls and sep", "bert", {**name, "cls_token": "<s>", "sep_token": "</s>"})
        yield case(f"{short} unknown special", "bert", {**name, "cls_token": "<one>", "mask_token": "<two>"})
        yield case(f"{short} typed special", "bert", {**name, "mask_token": {**typed, "content": "[MASK]", "lstrip": True}})
        yield case(f"{short} mask null", "bert", {**name, "mask_token": None, "pad_token": None})
        yield case(f"{short} cls null", "bert", {**name, "cls_token": None})
        yield case(f"{short} special map", "bert", name, files={"special_tokens_map.json": {"cls_token": "<s>", "sep_token": {**plain, "content": "</s>"}, "mask_token": {**plain, "content": "[MASK]", "lstrip": True}}})
        yield case(f"{short} special map and decoder", "bert", {**name, "added_tokens_decoder": decoder}, files={"special_tokens_map.json": {"cls_token": "<s>"}})
        yield case(f"{short} special map extra", "bert", name, files={"special_tokens_map.json": {"additional_special_tokens": ["<extra>"]}})
        yield case(f"{short} special map extra objects", "bert", name, files={"special_tokens_map.json": {"additional_special_tokens": [{**plain, "content": "<extra>"}]}})
        yield case(f"{short} special map extra twice", "bert", {**name, "additional_special_tokens": ["<one>"]}, files={"special_tokens_map.json": {"additional_special_tokens": ["<extra>"]}})
        yield case(f"{short} special map extra new name", "bert", {**name, "extra_special_tokens": ["<one>"]}, files={"special_tokens_map.json": {"extra_special_tokens": ["<one>", {**flags, "content": "<extra>"}]}})
        yield case(f"{short} special map extra special", "bert", name, files={"special_tokens_map.json": {"extra_special_tokens": [{**plain, "content": "<extra>"}]}})
        yield case(f"{short} added_tokens.json", "bert", name, files={"added_tokens.json": {"newword": 1500, "<extra>": 1501}, "special_tokens_map.json": {"additional_special_tokens": ["<extra>"]}})
        yield case(f"{short} padding in file", "bert", name, patch={"padding": {"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": None, "pad_id": 6, "pad_type_id": 0, "pad_token": "<pad>"}})
        yield case(f"{short} ignored settings", "bert", {**name, "do_basic_tokenize": False, "never_split": ["hello"], "clean_up_tokenization_spaces": True, "legacy": False, "add_bos_token": True, "add_eos_token": True, "add_prefix_space": True})
        yield case(f"{short} vocab.txt", None, name, copy=["vocab.txt"])
        yield case(f"{short} vocab.txt cased", None, {**name, "do_lower_case": False, "tokenize_chinese_chars": False}, copy=["vocab.txt"])
        yield case(f"{short} vocab.txt no basic", None, {**name, "do_basic_tokenize": False, "never_split": ["Hello"]}, copy=["vocab.txt"])
        yield case(f"{short} vocab.txt extra", None, {**name, "additional_special_tokens": ["<extra>"]}, copy=["vocab.txt"], files={"added_tokens.json": {"newword": 900}})
        yield case(f"{short} vocab.txt special map", None, name, copy=["vocab.txt"], files={"special_tokens_map.json": {"mask_token": {**plain, "content": "[MASK]", "lstrip": True}, "cls_token": "<s>"}})
        yield case(f"{short} sentence lower", "bert", {**name, "do_lower_case": False, "added_tokens_decoder": {**decoder, "2000": {"content": "Newword", **plain, "special": False, "normalized": True}}}, patch=normalizer(lowercase=False), sentence_config={"max_seq_length": 12, "do_lower_case": True})
        yield case(f"{short} sentence lower, cased vocab", "bert", {**name, "do_lower_case": False}, patch={"normalizer": None}, sentence_config={"do_lower_case": True})
    yield case("no tokenizer_config", "bert", None)
    for model_type in ("distilbert", "electra", "ernie", "nomic_bert", "modernbert", "mobilebert", "xlm-roberta-xl", "custom"):
        yield case(f"{model_type} silent", "bert", {}, model_type)
        yield case(f"{model_type} BertTokenizer", "bert", {"tokenizer_class": "BertTokenizer"}, model_type)
    yield case("class in config.json", "bert", {"do_lower_case": False}, config={"tokenizer_class": "DistilBertTokenizer"})
    yield case("unknown class", "bert", {"tokenizer_class": "FooTokenizer"})
    yield case("old model without type", "bert", {"tokenizer_class": "BertTokenizer"}, model={"type": None})
    yield case("Bert over BPE", "bytelevel", {"tokenizer_class": "BertTokenizer"})
    yield case("Bert over Unigram", "xlmr", {"tokenizer_class": "BertTokenizer"})


def mpnet_cases():
    for cls in ("MPNetTokenizer", "MPNetTokenizerFast", None):
        name = {"tokenizer_class": cls} if cls else {}
        short = (cls or "mpnet none").replace("Tokenizer", "")
        yield case(f"{short} silent", "mpnet", name, "mpnet")
        for option in ("do_lower_case", "tokenize_chinese_chars", "strip_accents"):
            yield case(f"{short} {option} false", "mpnet", {**name, option: False}, "mpnet")
        yield case(f"{short} bert file", "bert", name, "mpnet")
        yield case(f"{short} bert tokens", "bert", {**name, "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]", "pad_token": "[PAD]", "bos_token": "[CLS]", "eos_token": "[SEP]"}, "mpnet")
        yield case(f"{short} vocab.txt", None, name, "mpnet", copy=["vocab.txt"])
        yield case(f"{short} vocab.txt cased", None, {**name, "do_lower_case": False}, "mpnet", copy=["vocab.txt"])
        yield case(f"{short} extra", "mpnet", {**name, "additional_special_tokens": ["<extra>"]}, "mpnet")
        yield case(f"{short} sentence lower", "mpnet", {**name, "do_lower_case": False}, "mpnet", sentence_config={"do_lower_case": True})


def bytelevel_cases():
    byte_level = lambda **fields: {"pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True, **fields}}
    plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    for cls, kind in (("RobertaTokenizer", "roberta"), ("RobertaTokenizerFast", "roberta"), (None, "roberta"), ("GPT2Tokenizer", "gpt2"),
                      ("GPT2TokenizerFast", "roberta"), ("PreTrainedTokenizerFast", "roberta"), ("LongformerTokenizer", "longformer"), ("BartTokenizerFast", "bart")):
        name = {"tokenizer_class": cls} if cls else {}
        short = (cls or "roberta none").replace("Tokenizer", "")
        for value in (True, False, None):
            option = {} if value is None else {"add_prefix_space": value}
            for in_file in (True, False):
                yield case(f"{short} prefix config {value} file {in_file}", "bytelevel", {**name, **option}, kind, patch=byte_level(add_prefix_space=in_file))
        yield case(f"{short} no regex", "bytelevel", name, kind, patch=byte_level(use_regex=False))
        yield case(f"{short} sequence", "bytelevel", {**name, "add_prefix_space": True}, kind, patch={"pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level()["pre_tokenizer"]]}})
        yield case(f"{short} normalizer", "bytelevel", name, kind, patch={"normalizer": {"type": "Lowercase"}})
        yield case(f"{short} unknown token", "bytelevel", name, kind, model={"unk_token": "<unk>", "ignore_merges": True})
        yield case(f"{short} no post-processor", "bytelevel", name, kind, patch={"post_processor": None})
        yield case(f"{short} bytelevel post-processor", "bytelevel", {**name, "add_bos_token": True}, kind, patch={"post_processor": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}})
        yield case(f"{short} template", "bytelevel", name, kind, patch={"post_processor": template(("<|endoftext|>", 5), ("</s>", 2))})
        yield case(f"{short} extra", "bytelevel", {**name, "additional_special_tokens": ["<extra>"]}, kind)
        yield case(f"{short} other cls", "bytelevel", {**name, "cls_token": "<|endoftext|>", "bos_token": "<one>"}, kind)
        yield case(f"{short} no mask in file", "bytelevel", name, kind, patch={"added_tokens": [added(t, i) for i, t in enumerate(ROBERTA[:4])]})
        yield case(f"{short} decoder normalized", "bytelevel", {**name, "added_tokens_decoder": {str(i): {"content": t, **plain, "normalized": True, "lstrip": t == "<mask>"} for i, t in enumerate(ROBERTA)}, "cls_token": "<s>"}, kind)
        yield case(f"{short} left", "bytelevel", {**name, "truncation_side": "left", "max_len": 8}, kind)
        yield case(f"{short} vocab.json", None, name, kind, copy=["vocab.json", "merges.txt"])
        yield case(f"{short} vocab.json prefix", None, {**name, "add_prefix_space": True}, kind, copy=["vocab.json", "merges.txt"])
        yield case(f"{short} vocab.json bos", None, {**name, "add_bos_token": True, "add_eos_token": True}, kind, copy=["vocab.json", "merges.txt"])
        yield case(f"{short} vocab.json special map", None, name, kind, copy=["vocab.json", "merges.txt"], files={"special_tokens_map.json": {"mask_token": {**plain, "content": "<mask>", "lstrip": True}, "bos_token": "<s>"}, "added_tokens.json": {"newword": 700}})
        yield case(f"{short} vocab.json alone", None, name, kind, copy=["vocab.json"])
        yield case(f"{short} sentence lower", "bytelevel", name, kind, sentence_config={"do_lower_case": True})


def unigram_cases():
    for cls, kind, base in (("XLMRobertaTokenizer", "xlm-roberta", "xlmr"), ("XLMRobertaTokenizerFast", "bert", "xlmr"), (None, "xlm-roberta", "xlmr"),
                            ("CamembertTokenizer", "camembert", "camembert"), ("CamembertTokenizerFast", "camembert", "camembert"), (None, "camembert", "camembert"),
                            ("XLMRobertaTokenizer", "xlm-roberta", "camembert"), ("CamembertTokenizer", "camembert", "xlmr"), ("PreTrainedTokenizerFast", "xlm-roberta", "xlmr")):
        name = {"tokenizer_class": cls} if cls else {}
        short = f"{(cls or 'none').replace('Tokenizer', '')} {kind} over {base}"
        yield case(f"{short} silent", base, name, kind)
        for value in (True, False):
            yield case(f"{short} add_prefix_space {value}", base, {**name, "add_prefix_space": value}, kind)
        yield case(f"{short} sequence", base, name, kind, sequence=True)
        yield case(f"{short} no normalizer", base, name, kind, patch={"normalizer": None})
        yield case(f"{short} metaspace only", base, name, kind, patch={"pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": False}})
        yield case(f"{short} old metaspace", base, name, kind, patch={"pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True, "str_rep": "▁"}})
        yield case(f"{short} unk_id", base, name, kind, model={"unk_id": 1})
        yield case(f"{short} do_lower_case", base, {**name, "do_lower_case": True}, kind)
        yield case(f"{short} extra", base, {**name, "additional_special_tokens": ["<extra>"]}, kind)
        yield case(f"{short} extra empty", base, {**name, "additional_special_tokens": []}, kind)
        yield case(f"{short} other bos", base, {**name, "bos_token": "<mask>", "cls_token": "<pad>"}, kind)
        yield case(f"{short} left", base, {**name, "truncation_side": "left", "model_max_length": 8}, kind)
        yield case(f"{short} split special", base, {**name, "split_special_tokens": True}, kind)
        yield case(f"{short} sentence lower", base, name, kind, sentence_config={"do_lower_case": True})
        yield case(f"{short} sentence lower sequence", base, name, kind, sequence=True, sentence_config={"do_lower_case": True})


def refused_cases():
    for cls in ("BertJapaneseTokenizer", "PhobertTokenizer", "BertweetTokenizer", "AlbertTokenizer", "T5Tokenizer", "Qwen2Tokenizer"):
        yield case(f"{cls} with a file", "bert", {"tokenizer_class": cls})
    yield case("auto_map", "bert", {"tokenizer_class": "BertTokenizer", "auto_map": {"AutoTokenizer": ["tokenization_own.OwnTokenizer", None]}})


def random_cases(count, seed):
    """Several random settings at once."""
    draw = random.Random(seed)
    flags = lambda: {flag: draw.random() < 0.4 for flag in ("lstrip", "rstrip", "single_word", "normalized")}
    words = BERT + ROBERTA + ["<extra>", "newword", "<one>", "<two>", "Newword", "<|endoftext|>", "[unused1]", "ß", "the"]
    typed = lambda word: {"__type": "AddedToken", "content": word, **flags(), **({"special": draw.random() < 0.5} if draw.random() < 0.5 else {})}
    name = lambda: draw.choice(words) if draw.random() < 0.6 else typed(draw.choice(words))
    token = lambda word, id: {"content": word, **flags(), "special": draw.random() < 0.7, **({} if id is None else {"id": id})}
    some = lambda: draw.sample(words, draw.randint(0, 4))
    settings = {
        "do_lower_case": lambda: draw.random() < 0.5, "strip_accents": lambda: draw.choice([True, False, None]),
        "tokenize_chinese_chars": lambda: draw.random() < 0.5, "add_prefix_space": lambda: draw.random() < 0.5,
        "split_special_tokens": lambda: draw.random() < 0.5, "truncation_side": lambda: draw.choice(["left", "right"]),
        "additional_special_tokens": lambda: [name() for _ in range(draw.randint(0, 3))],
        "extra_special_tokens": lambda: draw.choice([[], some(), {"image_token": name()}, None]),
        "added_tokens_decoder": lambda: {str(id): token(word, None) for id, word in zip(draw.sample(range(1200), 6), draw.sample(words, 6))},
        "fim_token": name, "model_max_length": lambda: draw.choice([7, 10**30]), "max_len": lambda: 9, "add_bos_token": lambda: True,
        **{f"{role}_token": name for role in ("bos", "eos", "unk", "sep", "cls", "mask")}, "pad_token": lambda: draw.choice([None, name()]),
    }
    files = {
        "special_tokens_map.json": lambda: {key: draw.choice([word, {"content": word, **flags()}]) for key, word in zip(["cls_token", "mask_token", "image_token"], draw.sample(words, draw.randint(0, 3)))}
        | ({"additional_special_tokens": some()} if draw.random() < 0.5 else {}),
        "added_tokens.json": lambda: {word: 1000 + i for i, word in enumerate(some())},
    }
    kinds = [("bert", "bert", ["BertTokenizer", "DistilBertTokenizerFast", "PreTrainedTokenizerFast", None], ["vocab.txt"]),
             ("mpnet", "mpnet", ["MPNetTokenizer", "PreTrainedTokenizerFast"], ["vocab.txt"]),
             ("bytelevel", "roberta", ["RobertaTokenizer", "GPT2TokenizerFast", "PreTrainedTokenizerFast"], ["vocab.json", "merges.txt"]),
             ("xlmr", "xlm-roberta", ["XLMRobertaTokenizer", "PreTrainedTokenizerFast"], None),
             ("camembert", "camembert", ["CamembertTokenizer", "CamembertTokenizerFast"], None)]
    for index in range(count):
        base, model_type, classes, loose = draw.choice(kinds)
        cls = draw.choice(classes)
        chosen = [key for key in settings if draw.random() < 0.2]
        config = {**({"tokenizer_class": cls} if cls else {}), **{key: settings[key]() for key in chosen}}
        more = {"files": {name: make() for name, make in files.items() if draw.random() < 0.4}}
        if loose and cls != "PreTrainedTokenizerFast" and draw.random() < 0.3:
            yield case(f"random {index} {cls} {loose[0]}", None, config, model_type, copy=loose, **more)
            continue
        if draw.random() < 0.4:
            more["patch"] = {"added_tokens": [token(word, 900 + i) for i, word in enumerate(draw.sample(words, draw.randint(0, 6)))]}
        if draw.random() < 0.2:
            more["sentence_config"] = {"do_lower_case": True}
        yield case(f"random {index} {cls}", base, config, model_type, **more)


def main(out, random_count=0, seed=1):
    out.mkdir(parents=True)
    spm = sentencepiece_model(out / "rules.tsv")
    bert, xlmr = wordpiece(), unigram(spm)
    bases = {"bert": bert, "mpnet": mpnet(bert), "bytelevel": bytelevel(), "xlmr": xlmr, "camembert": camembert(xlmr)}
    (out / "bases").mkdir()
    for name, json_ in bases.items():
        (out / "bases" / f"{name}.json").write_text(json.dumps(json_, ensure_ascii=False), "utf-8")
    words = sorted(bert["model"]["vocab"], key=bert["model"]["vocab"].get)
    merges = ["#version: 0.2"] + [" ".join(pair) for pair in bases["bytelevel"]["model"]["merges"]]
    loose = {"vocab.txt": "\n".join(words) + "\n", "merges.txt": "\n".join(merges) + "\n",
             "vocab.json": json.dumps(bases["bytelevel"]["model"]["vocab"], ensure_ascii=False)}
    cases = [*random_cases(random_count, seed)] if random_count else [*bert_cases(), *mpnet_cases(), *bytelevel_cases(), *unigram_cases(), *refused_cases()]
    for index, each in enumerate(cases):
        folder = out / f"{index:04}"
        folder.mkdir()
        write = lambda name, value: (folder / name).write_text(json.dumps(value, ensure_ascii=False), "utf-8")
        write("case.json", each)
        write("config.json", each["config"])
        if each["tokenizer_config"] is not None:
            write("tokenizer_config.json", each["tokenizer_config"])
        if "sentence_config" in each:
            write("sentence_bert_config.json", each["sentence_config"])
            each["config"].update(TINY)
            write("config.json", each["config"])
        for name, value in each.get("files", {}).items():
            write(name, value)
        for name in each.get("copy", []):
            (folder / name).write_text(loose[name], "utf-8")
        if each["base"]:
            json_ = copy.deepcopy(bases[each["base"]])
            if each.get("sequence"):
                each["patch"] = {"normalizer": {"type": "Sequence", "normalizers": [{"type": "Nmt"}, json_["normalizer"], {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]}}
                del each["sequence"]
                write("case.json", each)
            json_.update(each.get("patch", {}))
            json_["model"].update(each.get("model", {}))
            if each.get("model", {}).get("type", "") is None:
                del json_["model"]["type"]
            write("tokenizer.json", json_)
    print(len(cases), "cases")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
