"""Writes the files of this folder with PyTorch, and expected.json: what torch.load reads from them.

python make-files.py files   (torch 2.13, transformers 5; the tests need neither)
"""

import json
import sys

import numpy
import torch
from transformers import BertConfig, BertModel

out = sys.argv[1]
torch.manual_seed(0)
dtypes = {
    torch.float32: "F32",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.float64: "F64",
    torch.int64: "I64",
    torch.int32: "I32",
    torch.int16: "I16",
    torch.int8: "I8",
    torch.uint8: "U8",
    torch.bool: "BOOL",
    torch.complex64: "C64",
    torch.uint16: "U16",
    torch.uint32: "U32",
    torch.uint64: "U64",
    torch.float8_e4m3fn: "F8_E4M3",
    torch.float8_e5m2: "F8_E5M2",
}
expected = {}


def describe(tensor):
    dense = tensor.detach().clone(memory_format=torch.contiguous_format)
    body = bytes(dense.untyped_storage())[: dense.numel() * dense.element_size()]
    return {"dtype": dtypes[tensor.dtype], "shape": list(tensor.shape), "hex": body.hex()}


def save(name, value):
    torch.save(value, f"{out}/{name}.bin")
    loaded = torch.load(f"{out}/{name}.bin", weights_only=True)
    expected[name] = {
        key: describe(item) for key, item in loaded.items() if isinstance(item, torch.Tensor)
    }


def refused(name, value, **options):
    torch.save(value, f"{out}/{name}.bin", **options)


linear = torch.nn.Linear(3, 2)
save("state-dict", linear.state_dict())
save("parameters", {"w": linear.weight, "b": linear.bias})
with_state = torch.nn.Parameter(torch.ones(2))
with_state.note = "x"
save("parameter-with-state", {"w": with_state})

base = torch.arange(12.0)
whole = base.view(3, 4)
save("shared", {"whole": whole, "head": base[:4], "tail": base[8:], "same": whole})

matrix = torch.arange(24.0).reshape(4, 6)
cube = torch.arange(24, dtype=torch.int16).reshape(2, 3, 4)
save(
    "views",
    {
        "transposed": matrix.t(),
        "columns": matrix[:, 1:3],
        "steps": matrix[::2],
        "permuted": cube.permute(2, 0, 1),
        "one": matrix[2:3].t(),
        "scalar": matrix[1, 1],
        "empty": matrix[:0].t(),
        "narrow": matrix[1:3],
        "double": torch.tensor([[0.1, 0.2, 0.3], [1e-300, -0.0, 1e38]], dtype=torch.float64).t(),
    },
)
save("dtypes", {str(t).split(".")[1]: torch.arange(5).to(t) for t in dtypes})
save("extras", {"w": torch.ones(2), "n": 3, "x": 0.5, "s": "x", "z": None, "b": True, "l": -(2**40)})

config = BertConfig(
    vocab_size=12,
    hidden_size=4,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=6,
    max_position_embeddings=5,
)
bert = BertModel(config)
for parameter in bert.parameters():
    torch.nn.init.normal_(parameter)
save("bert", bert.half().state_dict())

with open(f"{out}/expected.json", "w") as file:
    json.dump(expected, file, separators=(",", ":"))

ones = torch.ones(2)
refused("legacy", {"w": ones}, _use_new_zipfile_serialization=False)
refused("nested", {"state_dict": {"w": ones}, "epoch": 1})
refused("bare-tensor", ones)
refused("expanded", {"w": torch.ones(1).expand(3)})
refused("negative", {"w": torch.complex(ones, ones).conj().imag})
refused("sparse", {"w": torch.sparse_coo_tensor([[0]], [1.0], (2,))})
refused("quantised", {"w": torch.quantize_per_tensor(ones, 0.1, 0, torch.qint8)})
refused("whole-module", torch.nn.Linear(1, 1))
refused("protocol-4", {"w": ones}, pickle_protocol=4)
refused("numpy", {"w": ones, "n": numpy.float32(1)})
torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), f"{out}/torchscript.bin")
