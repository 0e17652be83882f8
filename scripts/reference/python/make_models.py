"""Writes model directories and manifest.json: make_models.py <original> <out> <texts.json> <quick|full> <group>…"""

import json
import sys
from pathlib import Path

from directories import Maker, write
from layouts import module_variety, settings, versions, weight_files
from random_models import make_random
from refused import make_refused
from transplants import make_transplants


def main(original, out, texts, mode, *groups):
    maker = Maker(out, original)
    lines = json.loads(Path(texts).read_text("utf-8"))
    makers = {
        "versions": lambda: versions(maker),
        "files": lambda: weight_files(maker),
        "modules": lambda: module_variety(maker, mode == "quick"),
        "settings": lambda: settings(maker),
        "transplants": lambda: make_transplants(maker),
        "random": lambda: make_random(maker, lines, mode == "quick"),
        "refused": lambda: make_refused(maker, lines),
    }
    maker.entries.append({"group": "original", "name": "all-MiniLM-L6-v2", "basis": "real",
                          "about": "as published", "directory": str(maker.original)})
    for group in groups:
        makers[group]()
    write(Path(out) / "manifest.json", maker.entries)


main(*sys.argv[1:])
