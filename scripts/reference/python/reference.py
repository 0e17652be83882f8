"""What sentence-transformers computes: reads a job list from a file, writes ids and vectors for each model.

Job list: JSON [{"directory", "texts", "out"}], all paths; texts is a JSON list of strings. Writes <out>/ids.json
(token ids after truncation, per text), <out>/vectors.f32 (little-endian f32, texts × dim) and <out>/reference.json
({"dim"} or {"error"}).
"""

import json
import sys
from pathlib import Path

import numpy
import torch
from sentence_transformers import SentenceTransformer


def token_ids(model, texts, batch=32):
    rows = []
    for start in range(0, len(texts), batch):
        features = model.preprocess(texts[start:start + batch])
        if "attention_mask" not in features:  # no encoder: a bag of tokens
            return [[] for _ in texts]
        for ids, mask in zip(features["input_ids"], features["attention_mask"]):
            rows.append(ids[mask.bool()].tolist())
    return rows


def compute(job):
    out = Path(job["out"])
    out.mkdir(parents=True, exist_ok=True)
    texts = json.loads(Path(job["texts"]).read_text("utf-8"))
    model = SentenceTransformer(job["directory"], device="cpu", model_kwargs={"dtype": torch.float32})
    prompt = model.prompts.get(model.default_prompt_name or "", "")
    ids = token_ids(model, [prompt + text for text in texts])
    vectors = model.encode(texts, batch_size=16, show_progress_bar=False).astype("<f4")
    (out / "ids.json").write_text(json.dumps(ids))
    vectors.tofile(out / "vectors.f32")
    return {"dim": int(vectors.shape[1]), "finite": bool(numpy.isfinite(vectors).all())}


for job in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    try:
        result = compute(job)
    except Exception as error:  # a model that the reference refuses is a result, too
        Path(job["out"]).mkdir(parents=True, exist_ok=True)
        result = {"error": f"{type(error).__name__}: {error}"}
    (Path(job["out"]) / "reference.json").write_text(json.dumps(result))
    print(job["directory"], result, flush=True)
