"""Writes the files of this folder with the software that quantises: what each writes of a tiny BERT.

python make-files.py files   (torch 2.13, transformers 5.24, compressed-tensors 0.20, bitsandbytes 0.50, torchao 0.18,
optimum-quanto 0.2.7, mlx 0.32; the tests need none of them)

<method>.json: quantization_config and the tensors' dtypes and shapes, in the file's order.
dynamic.bin: a state dict of torch.ao.quantization.quantize_dynamic.
int-quantized.safetensors, .config.json: a whole checkpoint; .expected.json: the weights that compressed-tensors reads from it.
"""

import json
import os
import sys
import tempfile

import mlx.core
import mlx.nn
import mlx.utils
import numpy
import torch
from compressed_tensors.compressors import BaseCompressor, ModelCompressor
from compressed_tensors.quantization import QuantizationConfig, apply_quantization_config
from optimum.quanto import freeze, qint8, quantize
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torchao.quantization import Int8WeightOnlyConfig
from transformers import AutoModel, BertConfig, BertModel, BitsAndBytesConfig, TorchAoConfig

out = sys.argv[1]
torch.manual_seed(0)
scratch = tempfile.mkdtemp()


def tiny(hidden):
    config = BertConfig(
        vocab_size=12,
        hidden_size=hidden,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=2 * hidden,
        max_position_embeddings=8,
    )
    path = f"{scratch}/{hidden}"
    BertModel(config).save_pretrained(path)
    return path


def describe(name, folder):
    """The order is that of the tensors in the file's header."""
    path = f"{folder}/model.safetensors"
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    header.pop("__metadata__", None)
    config = {}
    if os.path.exists(f"{folder}/config.json"):
        with open(f"{folder}/config.json") as file:
            stated = json.load(file)
        config = {key: stated[key] for key in ("quantization_config", "quantization") if key in stated}
    tensors = {key: [value["dtype"], value["shape"]] for key, value in header.items()}
    with open(f"{out}/{name}.json", "w") as file:
        json.dump({"config": config, "tensors": tensors}, file, separators=(",", ":"))
        file.write("\n")


base = tiny(64)


def by_transformers(name, quantization_config):
    model = AutoModel.from_pretrained(base, quantization_config=quantization_config)
    model.save_pretrained(f"{scratch}/{name}")
    describe(name, f"{scratch}/{name}")


by_transformers("bitsandbytes-8", BitsAndBytesConfig(load_in_8bit=True))
by_transformers("bitsandbytes-4", BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4"))
by_transformers("torchao", TorchAoConfig(Int8WeightOnlyConfig()))

model = AutoModel.from_pretrained(base)
quantize(model, weights=qint8)
freeze(model)
os.makedirs(f"{scratch}/quanto")
save_file(model.state_dict(), f"{scratch}/quanto/model.safetensors")
describe("quanto", f"{scratch}/quanto")


class Layers(mlx.nn.Module):
    def __init__(self):
        super().__init__()
        self.word_embeddings = mlx.nn.Embedding(12, 64)
        self.query = mlx.nn.Linear(64, 64)


layers = Layers()
mlx.nn.quantize(layers, 64, 8)
os.makedirs(f"{scratch}/mlx")
mlx.core.save_safetensors(
    f"{scratch}/mlx/model.safetensors", dict(mlx.utils.tree_flatten(layers.parameters()))
)
# As mlx_lm.utils.save_config writes it.
quantization = {"group_size": 64, "bits": 8, "mode": "affine"}
with open(f"{scratch}/mlx/config.json", "w") as file:
    json.dump({"quantization": quantization, "quantization_config": quantization}, file)
describe("mlx", f"{scratch}/mlx")

small = tiny(8)
dynamic = torch.ao.quantization.quantize_dynamic(
    AutoModel.from_pretrained(small).pooler, {torch.nn.Linear}, dtype=torch.qint8
)
torch.save(dynamic.state_dict(), f"{out}/dynamic.bin")


def compressed(name, weights, activations=None):
    model = AutoModel.from_pretrained(small, dtype=torch.bfloat16)
    group = {"targets": ["Linear"], "weights": weights, "input_activations": activations}
    config = {"config_groups": {"group_0": group}, "ignore": ["pooler.dense"]}
    apply_quantization_config(model, QuantizationConfig.model_validate(config))
    for module in model.modules():
        scale = getattr(module, "weight_scale", None)
        if scale is None:
            continue
        largest = module.weight.reshape(*scale.shape, -1).abs().amax(-1)
        scale.data = (largest.float() / (2 ** weights["num_bits"] / 2 - 0.5)).to(scale.dtype)
    folder = f"{scratch}/{name}"
    compressor = ModelCompressor.from_pretrained_model(model)
    compressor.compress_model(model)
    model.save_pretrained(folder)
    compressor.update_config(folder)
    describe(name, folder)
    return folder


weights = {"num_bits": 8, "type": "int", "symmetric": True, "strategy": "channel"}
tokens = {"num_bits": 8, "type": "int", "symmetric": True, "strategy": "token", "dynamic": True}
folder = compressed("int-quantized", weights, tokens)
compressed("zero-points", {**weights, "symmetric": False}, tokens)
compressed("packed", {**weights, "num_bits": 4})
compressed("groups", {**weights, "strategy": "group", "group_size": 4}, tokens)

os.remove(f"{out}/int-quantized.json")
checkpoint = load_file(f"{folder}/model.safetensors")
with open(f"{folder}/config.json") as file:
    config = json.load(file)
kept = {key: value for key, value in checkpoint.items() if "attention.self" in key or "word" in key}
save_file(kept, f"{out}/int-quantized.safetensors")
with open(f"{out}/int-quantized.config.json", "w") as file:
    json.dump(config, file, indent=2)
    file.write("\n")
scheme = QuantizationConfig.model_validate(config["quantization_config"]).config_groups["group_0"]
decompress = BaseCompressor.get_value_from_registry("int-quantized").decompress
expected = {}
for key, value in kept.items():
    if value.dtype != torch.int8:
        continue
    scale = kept[f"{key}_scale"].float()
    floats = decompress({"weight": value, "weight_scale": scale}, scheme)["weight"]
    expected[key] = numpy.asarray(floats.detach().numpy(), dtype="<f4").tobytes().hex()
with open(f"{out}/int-quantized.expected.json", "w") as file:
    json.dump(expected, file, indent=1)
    file.write("\n")
