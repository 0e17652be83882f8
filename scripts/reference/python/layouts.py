"""all-MiniLM-L6-v2 in every layout: versions of sentence-transformers, weight files, modules."""

import os
import shutil
from pathlib import Path

import torch
from directories import change, read, write
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers import models as modules

VERSIONS = Path(__file__).parent.parent / "layouts"
BOOLEAN_POOLING = {
    "pooling_mode_cls_token": False,
    "pooling_mode_mean_tokens": False,
    "pooling_mode_max_tokens": False,
    "pooling_mode_mean_sqrt_len_tokens": False,
}


def versions(maker):
    """The JSON files as each version wrote them, with the published weights and vocabulary."""
    for version in sorted(VERSIONS.iterdir()):
        def make(directory, version=version):
            shutil.copytree(version, directory, dirs_exist_ok=True)
            tokenizer = read(directory / "tokenizer.json")
            tokenizer["model"]["vocab"] = read(maker.original / "tokenizer.json")["model"]["vocab"]
            write(directory / "tokenizer.json", tokenizer)
            os.symlink(maker.original / "model.safetensors", directory / "model.safetensors")
        maker.add("versions", version.name, f"saved by sentence-transformers {version.name}", "real", make)

    def old_folder(directory):
        inner = directory / "0_Transformer"
        inner.mkdir()
        maker.copy_original(directory)
        names = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
                 "special_tokens_map.json", "sentence_bert_config.json")
        for name in names:
            shutil.move(directory / name, inner / name)
        listed = read(directory / "modules.json")
        listed[0]["path"] = "0_Transformer"
        write(directory / "modules.json", listed)
    maker.add("versions", "0_Transformer", "the folder layout of versions 0 and 1", "real", old_folder)


def weight_files(maker):
    """The same weights in other files. `original` names the dtype whose rounding the reference
    shares."""
    tensors = load_file(maker.original / "model.safetensors")

    def in_dtype(dtype):
        def make(directory):
            maker.copy_original(directory, without=("model.safetensors",))
            cast = {name: t.to(dtype) if t.is_floating_point() else t for name, t in tensors.items()}
            save_file(cast, directory / "model.safetensors", metadata={"format": "pt"})
        return make

    for name, dtype in (("f16", torch.float16), ("bf16", torch.bfloat16), ("f64", torch.float64)):
        maker.add("files", name, f"model.safetensors in {name}", "real", in_dtype(dtype))

    def sharded(directory):
        maker.copy_original(directory, without=("model.safetensors",))
        names = list(tensors)
        index = {}
        for shard in range(3):
            file = f"model-{shard + 1:05}-of-00003.safetensors"
            part = {name: tensors[name] for name in names[shard::3]}
            save_file(part, directory / file, metadata={"format": "pt"})
            index.update({name: file for name in part})
        write(directory / "model.safetensors.index.json", {"metadata": {}, "weight_map": index})
    maker.add("files", "sharded", "three safetensors shards and an index", "real", sharded)

    def pickle(directory, **options):
        maker.copy_original(directory, without=("model.safetensors",))
        torch.save(tensors, directory / "pytorch_model.bin", **options)
    maker.add("files", "pickle", "pytorch_model.bin in torch.save's zip layout", "real", pickle)

    def pickle_half(directory):
        maker.copy_original(directory, without=("model.safetensors",))
        half = {n: t.half() if t.is_floating_point() else t for n, t in tensors.items()}
        torch.save(half, directory / "pytorch_model.bin")
    maker.add("files", "pickle f16", "pytorch_model.bin in f16", "real", pickle_half)

    def pickle_sharded(directory):
        maker.copy_original(directory, without=("model.safetensors",))
        index = {}
        for shard in range(2):
            file = f"pytorch_model-{shard + 1:05}-of-00002.bin"
            part = {name: tensors[name] for name in list(tensors)[shard::2]}
            torch.save(part, directory / file)
            index.update({name: file for name in part})
        write(directory / "pytorch_model.bin.index.json", {"metadata": {"total_size": 0}, "weight_map": index})
    maker.add("files", "pickle sharded", "two pytorch_model-….bin and an index", "real", pickle_sharded)

    def prefixed(directory):
        maker.copy_original(directory, without=("model.safetensors",))
        named = {f"bert.{name}": t for name, t in tensors.items()}
        save_file(named, directory / "model.safetensors", metadata={"format": "pt"})
    maker.add("files", "prefix bert.", "tensor names as in a model with a head", "real", prefixed)

    def vocabulary_only(directory):
        maker.copy_original(directory, without=("tokenizer.json",))
    maker.add("files", "vocab.txt", "vocab.txt without tokenizer.json", "real", vocabulary_only)

    def bare(directory):
        maker.copy_original(directory)
        for name in ("modules.json", "sentence_bert_config.json", "config_sentence_transformers.json"):
            (directory / name).unlink()
        shutil.rmtree(directory / "1_Pooling")
    maker.add("files", "no modules.json", "a model of transformers alone: mean, not normalised", "real", bare)


def linear(inputs, outputs, **options):
    layer = modules.Dense(inputs, outputs, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_(0, 0.1)
    return layer


def tails():
    """Modules after the encoder, by name, as sentence-transformers itself saves them."""
    pool = modules.Pooling
    for mode in ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"):
        yield f"pooling {mode}", [pool(384, mode)]
    yield "pooling cls + mean", [pool(384, ("cls", "mean"))]
    yield "pooling of all modes", [pool(384, pool.POOLING_MODES)]
    yield "pooling max, Normalize", [pool(384, "max"), modules.Normalize()]
    activations = {"Tanh": torch.nn.Tanh, "Identity": torch.nn.Identity, "ReLU": torch.nn.ReLU, "GELU": torch.nn.GELU}
    for name, make in activations.items():
        yield f"Dense {name}", [pool(384, "mean"), linear(384, 128, activation_function=make())]
    yield "Dense without bias", [pool(384, "mean"), linear(384, 96, bias=False, activation_function=torch.nn.Identity())]
    yield "Dense residual", [pool(384, "mean"), linear(384, 384, use_residual=True)]
    yield "two Dense, Normalize", [pool(384, "cls"), linear(384, 768), linear(768, 64), modules.Normalize()]
    yield "Normalize before Dense", [pool(384, "mean"), modules.Normalize(), linear(384, 128)]
    yield "Normalize twice", [pool(384, "mean"), modules.Normalize(), modules.Normalize()]
    yield "LayerNorm", [pool(384, "mean"), layer_norm()]
    yield "Dropout", [pool(384, "mean"), modules.Dropout(0.3), modules.Normalize()]
    yield "Dense on concatenation", [pool(384, ("max", "mean")), linear(768, 128)]


def layer_norm():
    layer = modules.LayerNorm(384)
    with torch.no_grad():
        layer.norm.weight.normal_(1, 0.2)
        layer.norm.bias.normal_(0, 0.2)
    return layer


IN_QUICK_RUNS = ("pooling of all modes", "Dense residual", "two Dense, Normalize", "LayerNorm")


def module_variety(maker, quick):
    torch.manual_seed(5)
    encoder = SentenceTransformer(str(maker.original), device="cpu")[0]
    for name, tail in tails():
        if quick and name not in IN_QUICK_RUNS:
            continue

        def make(directory, tail=tail):
            SentenceTransformer(modules=[encoder, *tail], device="cpu").save(str(directory), create_model_card=False)
            weights = directory / "model.safetensors"
            weights.unlink()
            os.symlink(maker.original / "model.safetensors", weights)
        maker.add("modules", name, ", ".join(type(module).__name__ for module in tail), "real", make)


def settings(maker):
    """The settings in the small JSON files besides modules."""
    def with_settings(edit):
        def make(directory):
            maker.copy_original(directory)
            edit(directory)
        return make

    cases = {
        "default prompt": lambda d: change(
            d / "config_sentence_transformers.json", prompts={"query": "query: ", "x": "y"}, default_prompt_name="query"),
        "prompt left out of pooling": lambda d: (
            change(d / "config_sentence_transformers.json", prompts={"query": "Represent this: "}, default_prompt_name="query"),
            change(d / "1_Pooling" / "config.json", include_prompt=False)),
        "truncate_dim": lambda d: change(d / "config_sentence_transformers.json", truncate_dim=128),
        "max_seq_length 64": lambda d: change(d / "sentence_bert_config.json", max_seq_length=64),
        "max_seq_length absent": lambda d: write(d / "sentence_bert_config.json", {"do_lower_case": False}),
        "model_max_length 100": lambda d: (
            write(d / "sentence_bert_config.json", {}), change(d / "tokenizer_config.json", model_max_length=100)),
        "do_lower_case of sentence_bert_config": lambda d: change(d / "sentence_bert_config.json", do_lower_case=True),
        "cased by tokenizer_config": lambda d: change(d / "tokenizer_config.json", do_lower_case=False),
        "old flags, only cls": lambda d: write(
            d / "1_Pooling" / "config.json", {"word_embedding_dimension": 384, "pooling_mode_cls_token": True}),
        "old flags, all false": lambda d: write(
            d / "1_Pooling" / "config.json", {"word_embedding_dimension": 384, **BOOLEAN_POOLING}),
        "old flags, max": lambda d: write(
            d / "1_Pooling" / "config.json",
            {"word_embedding_dimension": 384, **BOOLEAN_POOLING, "pooling_mode_max_tokens": True}),
    }
    for name, edit in cases.items():
        maker.add("settings", name, "one JSON file changed", "real", with_settings(edit))
    for activation in ("relu", "silu", "gelu_new", "gelu_pytorch_tanh"):
        maker.add("settings", f"hidden_act {activation}", "config.json changed", "real",
                  with_settings(lambda d, activation=activation: change(d / "config.json", hidden_act=activation)))


