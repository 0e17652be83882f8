"""Writes packages/arch-classic-bert/test/fixtures/modules: small random models in every layout of
sentence-transformers, and the vectors that it computes for them.

    python scripts/reference/modules/write.py

Needs sentence-transformers 6.2 and transformers 5.24 (torch on the CPU). Every model is saved by
sentence-transformers, changed where a layout of an older version is wanted, opened again from its directory, and
asked for vectors with `encode`.
"""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from layouts import layouts
from models import save_model
from sentence_transformers import SentenceTransformer

target = Path(__file__).parents[3] / "packages/arch-classic-bert/test/fixtures/modules"

texts = [
    "a",
    "the cat sat on the mat",
    "",
    "b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j",
    "dog and cat and dog",
    "z y x",
]


def read(path):
    return json.loads(path.read_text()) if path.exists() else None


def keep_weights(path):
    """Copies a weight file under a name made from its digest, so that layouts with the same weights
    share one copy."""
    if not path.exists():
        return None
    name = hashlib.sha256(path.read_bytes()).hexdigest()[:12] + ".safetensors"
    shutil.copy(path, target / "weights" / name)
    return name


def describe(folder):
    modules = read(folder / "modules.json")
    sentence_transformers = read(folder / "config_sentence_transformers.json") or {}
    return {
        "config": read(folder / "config.json"),
        "weights": keep_weights(folder / "model.safetensors"),
        "sentenceConfig": read(folder / "sentence_bert_config.json"),
        "truncateDim": sentence_transformers.get("truncate_dim"),
        "modules": modules
        and [
            {
                "type": module["type"],
                "path": module["path"],
                "config": (read(folder / module["path"] / "config.json") or {}) if module["path"] else {},
                "weights": keep_weights(folder / module["path"] / "model.safetensors") if module["path"] else None,
            }
            for module in modules
        ],
    }


def uncut(model, prompt, inputs):
    """Token ids before truncation, as a tokenizer gives them."""
    return [model.tokenizer(prompt + text)["input_ids"] for text in inputs]


def reference(layout, folder):
    model = SentenceTransformer(str(folder), device="cpu")
    prompt = layout.get("prompt", "")
    inputs = layout.get("texts", texts)
    vectors = model.encode(inputs, prompt=prompt or None, batch_size=4, normalize_embeddings=layout.get("normalize", False))
    return {
        "name": layout["name"],
        **describe(folder),
        "maxTokens": model.max_seq_length,
        "prompt": prompt,
        "normalize": layout.get("normalize", False),
        "promptIds": model.tokenizer(prompt)["input_ids"],
        "texts": inputs,
        "ids": uncut(model, prompt, inputs),
        "vectors": [[float(f"{value:.9g}") for value in vector] for vector in vectors.tolist()],
    }


def main():
    shutil.rmtree(target, ignore_errors=True)
    (target / "weights").mkdir(parents=True)
    lines = []
    for layout in layouts:
        torch.manual_seed(7)
        folder = Path(tempfile.mkdtemp())
        save_model(layout, folder)
        lines.append(json.dumps(reference(layout, folder), ensure_ascii=False))
        shutil.rmtree(folder)
        print(layout["name"])
    (target / "layouts.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
