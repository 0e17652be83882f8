"""
bm25.py YARDSTICK RUNS: the ten best documents of each query by BM25 of bm25s (k1 1.5, b 0.75, its method "lucene", its
English stop words and its pattern of words: runs of two or more letters, digits and "_"). "bm25" is that without a stemmer;
"bm25-tuned" has PyStemmer's for English and splits identifiers at "_" and before a capital. Writes RUNS/<engine>.jsonl.
"""

import json
import re
import sys
import time
from pathlib import Path

import bm25s
import Stemmer

HITS = 10


def entries(path):
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            fields = json.loads(line)
            yield fields.get("_id", fields.get("id")), f"{fields.get('title', '')} {fields['text']}".strip()


def plain(texts):
    return bm25s.tokenize(texts, stopwords="en", show_progress=False)


def tuned(texts):
    split = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text.replace("_", " ")) for text in texts]
    return bm25s.tokenize(split, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)


def search(documents, queries, words):
    engine = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    engine.index(words([text for _, text in documents]), show_progress=False)
    places, scores = engine.retrieve(words([text for _, text in queries]), k=HITS, show_progress=False)
    for (query, _), row, values in zip(queries, places.tolist(), scores.tolist()):
        hits = [{"document": documents[at][0], "score": score} for at, score in zip(row, values) if score > 0]
        yield {"query": query, "hits": hits}


def main(yardstick, runs):
    documents, queries = (list(entries(Path(yardstick, name))) for name in ("corpus.jsonl", "queries.jsonl"))
    Path(runs).mkdir(parents=True, exist_ok=True)
    for engine, words in {"bm25": plain, "bm25-tuned": tuned}.items():
        begin = time.perf_counter()
        lines = [json.dumps(found) for found in search(documents, queries, words)]
        seconds = time.perf_counter() - begin
        head = json.dumps({"seconds": seconds})
        Path(runs, f"{engine}.jsonl").write_text("\n".join([head, *lines, ""]), encoding="utf-8")


main(*sys.argv[1:])
