"""Writes a yardstick in the layout of BEIR from pairs of a query and the one document that answers
it."""

import hashlib
import json
import re
from pathlib import Path


def normal(text):
    """The words only, in lower case: texts with equal words count as equal."""
    return re.sub(r"\W+", " ", text).strip().lower()


def sampled(keys, count):
    """The first `count` keys by their SHA-256, so that the choice changes little when keys are
    added or removed."""
    return sorted(keys, key=lambda key: hashlib.sha256(key.encode()).digest())[:count]


def write(folder, pairs):
    """`pairs`: (id, query, document) each. A query has the id of its document."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = lambda entries: "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    files = {
        "corpus.jsonl": lines({"_id": id, "title": "", "text": document} for id, _, document in pairs),
        "queries.jsonl": lines({"_id": id, "text": query} for id, query, _ in pairs),
        "qrels.tsv": "query-id\tcorpus-id\tscore\n" + "".join(f"{id}\t{id}\t1\n" for id, _, _ in pairs),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
