"""Copies a model in 8 bits with its weights in f32: each row times its scale. Usage: widen.py
<model> <copy>"""

import json
import shutil
import sys
from pathlib import Path

import numpy
from safetensors.numpy import load_file, save_file

model, copy = map(Path, sys.argv[1:])
shutil.copytree(model, copy, dirs_exist_ok=True)
stored = load_file(model / "model.safetensors")
scales = {name: values for name, values in stored.items() if name.endswith("_scale")}
weights = {
    name: values.astype(numpy.float32) * scales[f"{name}_scale"] if values.dtype == numpy.int8 else values
    for name, values in stored.items()
    if name not in scales
}
config = json.loads((model / "config.json").read_text("utf-8"))
del config["quantization_config"]
(copy / "config.json").write_text(json.dumps(config))
save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
