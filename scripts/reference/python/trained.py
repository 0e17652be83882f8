"""Tokenizers trained on a list of texts, as transformers' own classes save them and in other
combinations."""

import io
import json

import sentencepiece
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertTokenizer,
    CamembertTokenizer,
    DistilBertTokenizer,
    ElectraTokenizer,
    RobertaTokenizer,
    XLMRobertaTokenizer,
)

BERT_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def word_piece(texts, size, lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=size, special_tokens=BERT_SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer.get_vocab()


def bert(texts, size=8000, cls=BertTokenizer, lowercase=True, **options):
    return cls(vocab=word_piece(texts, size, lowercase), do_lower_case=lowercase, **options)


def byte_level(texts, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=ROBERTA_SPECIAL, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def roberta(texts, size=8000, **options):
    model = json.loads(byte_level(texts, size).to_str())["model"]
    return RobertaTokenizer(vocab=model["vocab"], merges=[tuple(pair) for pair in model["merges"]], **options)


def fields(message):
    """The fields of one Protocol Buffers message: (number, bytes of a length-delimited field or
    None)."""
    at = 0

    def number():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        key = number()
        kind, content = key & 7, None
        if kind == 2:
            length = number()
            content = message[at:at + length]
            at += length
        elif kind == 0:
            number()
        else:
            at += 4 if kind == 5 else 8
        yield key >> 3, content


def sentence_piece(texts, size, rule="nmt_nfkc"):
    """Pieces with scores, and the compiled normalisation table, of a Unigram model that
    SentencePiece trains."""
    lines = [line for text in texts for line in text.replace("\0", "").split("\n") if line.strip()]
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=written, vocab_size=size, model_type="unigram",
        normalization_rule_name=rule, character_coverage=0.9995, hard_vocab_limit=False, minloglevel=2, num_threads=1)
    model = sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())
    pieces = [(model.id_to_piece(i), model.get_score(i)) for i in range(3, model.get_piece_size())]
    normalizer = next(content for number, content in fields(written.getvalue()) if number == 3)
    table = next(content for number, content in fields(normalizer) if number == 2)
    return pieces, table


def xlm_roberta(texts, size=8000, **options):
    pieces, table = sentence_piece(texts, size)
    special = [(token, 0.0) for token in ROBERTA_SPECIAL]
    return XLMRobertaTokenizer(vocab=[*special[:4], *pieces, special[4]], _spm_precompiled_charsmap=table, **options)


def camembert(texts, size=8000, **options):
    pieces, table = sentence_piece(texts, size)
    special = [("<s>NOTUSED", 0.0), ("<pad>", 0.0), ("</s>NOTUSED", 0.0), ("<unk>", 0.0), ("<unk>NOTUSED", -100.0)]
    tokenizer = CamembertTokenizer(vocab=[*special, *pieces, ("<mask>", 0.0)], **options)
    tokenizer._tokenizer.normalizer = normalizers.Precompiled(table)
    return tokenizer


def classes(texts):
    """By name: a tokenizer of a class of transformers."""
    yield "BertTokenizer uncased", bert(texts)
    yield "BertTokenizer cased", bert(texts, lowercase=False)
    yield "BertTokenizer, accents kept", bert(texts, strip_accents=False)
    yield "BertTokenizer, ideographs kept", bert(texts, tokenize_chinese_chars=False)
    yield "DistilBertTokenizer", bert(texts, cls=DistilBertTokenizer)
    yield "ElectraTokenizer", bert(texts, cls=ElectraTokenizer)
    yield "RobertaTokenizer", roberta(texts)
    yield "RobertaTokenizer, prefix space", roberta(texts, add_prefix_space=True)
    yield "XLMRobertaTokenizer", xlm_roberta(texts)
    yield "CamembertTokenizer", camembert(texts)


def combinations():
    """By name: model, trainer, normalizer and pre-tokenizer of files that no class of transformers
    writes."""
    n, p = normalizers, pre_tokenizers
    for form in (n.NFC, n.NFD, n.NFKC, n.NFKD):
        yield f"WordPiece {form.__name__} Lowercase Whitespace", "WordPiece", n.Sequence([form(), n.Lowercase()]), p.Whitespace()
    yield "WordPiece StripAccents", "WordPiece", n.Sequence([n.NFD(), n.StripAccents(), n.Lowercase()]), p.BertPreTokenizer()
    yield "WordPiece Nmt Strip Replace", "WordPiece", n.Sequence(
        [n.Nmt(), n.Strip(), n.Replace("''", '"'), n.Replace(Regex(" {2,}"), " ")]), p.WhitespaceSplit()
    yield "WordPiece Prepend", "WordPiece", n.Prepend("▁"), p.Whitespace()
    yield "WordPiece Punctuation Digits", "WordPiece", n.Lowercase(), p.Sequence(
        [p.WhitespaceSplit(), p.Punctuation(), p.Digits(individual_digits=True)])
    yield "WordPiece Digits in groups", "WordPiece", n.Lowercase(), p.Sequence([p.Whitespace(), p.Digits()])
    yield "WordPiece CharDelimiterSplit", "WordPiece", n.Lowercase(), p.CharDelimiterSplit(" ")
    yield "WordPiece UnicodeScripts", "WordPiece", n.NFKC(), p.Sequence([p.UnicodeScripts(), p.Whitespace()])
    for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"):
        yield f"WordPiece Split {behavior}", "WordPiece", n.Lowercase(), p.Sequence([p.Whitespace(), p.Split("e", behavior)])
    yield "WordPiece Split inverted", "WordPiece", n.Lowercase(), p.Split(Regex("[a-z]+|[^ a-z]"), "removed", invert=True)
    yield "WordPiece FixedLength", "WordPiece", n.Lowercase(), p.FixedLength(5)
    yield "BPE Whitespace", "BPE", n.NFC(), p.Whitespace()
    yield "BPE Metaspace", "BPE", n.NFKC(), p.Metaspace()
    yield "BPE ByteLevel NFC", "BPE bytes", n.NFC(), p.ByteLevel(add_prefix_space=True)
    yield "BPE Split ByteLevel", "BPE bytes", None, p.Sequence(
        [p.Split(Regex(r"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+"), "isolated"), p.ByteLevel(add_prefix_space=False, use_regex=False)])
    yield "Unigram Metaspace", "Unigram", n.NFKC(), p.Metaspace()
    yield "Unigram Lowercase first", "Unigram", n.Sequence([n.NFKC(), n.Lowercase()]), p.Metaspace(prepend_scheme="first")
    yield "WordLevel Whitespace", "WordLevel", n.Lowercase(), p.Whitespace()


def combined(texts, kind, normalizer, pre_tokenizer, size=4000):
    common = {"vocab_size": size, "special_tokens": BERT_SPECIAL, "show_progress": False}
    makers = {
        "WordPiece": lambda: (models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(**common)),
        "BPE": lambda: (models.BPE(unk_token="[UNK]"), trainers.BpeTrainer(**common)),
        "BPE bytes": lambda: (models.BPE(), trainers.BpeTrainer(initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), **common)),
        "Unigram": lambda: (models.Unigram(), trainers.UnigramTrainer(unk_token="[UNK]", **common)),
        "WordLevel": lambda: (models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(**common)),
    }
    model, trainer = makers[kind]()
    tokenizer = Tokenizer(model)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("[CLS]", "[SEP]")])
    return tokenizer
