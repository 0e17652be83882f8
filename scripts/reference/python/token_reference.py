"""Token ids of the reference: token_reference.py <jobs.json> <texts.json>

Jobs: JSON [{"directory", "out", "auto"}]. Writes <out>/ids.u32, <out>/lengths.u32 (little-endian) and
<out>/reference.json ({"by"} or {"error"}). Special tokens are added; nothing is truncated or padded.
"""

import json
import sys
from pathlib import Path

import numpy
from tokenizers import Tokenizer
from transformers import AutoTokenizer


def encode_all(job, texts):
    if job["auto"]:
        tokenizer = AutoTokenizer.from_pretrained(job["directory"])
        return type(tokenizer).__name__, tokenizer(texts, truncation=False, padding=False)["input_ids"]
    tokenizer = Tokenizer.from_file(str(Path(job["directory"]) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return "tokenizers", [encoding.ids for encoding in tokenizer.encode_batch(texts)]


def compute(job, texts):
    by, rows = encode_all(job, texts)
    out = Path(job["out"])
    numpy.array([len(row) for row in rows], "<u4").tofile(out / "lengths.u32")
    numpy.array([token for row in rows for token in row], "<u4").tofile(out / "ids.u32")
    return {"by": by}


texts = json.loads(Path(sys.argv[2]).read_text("utf-8"))
for job in json.loads(Path(sys.argv[1]).read_text("utf-8")):
    Path(job["out"]).mkdir(parents=True, exist_ok=True)
    try:
        result = compute(job, texts)
    except Exception as error:  # a file that the reference refuses is a result, too
        result = {"error": f"{type(error).__name__}: {error}"}
    (Path(job["out"]) / "reference.json").write_text(json.dumps(result))
    print(job["directory"], result, flush=True)
