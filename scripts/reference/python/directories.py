"""Model directories: the functions that every maker uses to write one."""

import json
import os
import shutil
from pathlib import Path


class Maker:
    """Writes directories below `out` and keeps a manifest entry for each."""

    def __init__(self, out, original):
        self.out = Path(out)
        self.original = Path(original)
        self.entries = []

    def add(self, group, name, about, basis, make, **more):
        """Creates a directory, replacing an existing one. `make` gets its path; an error becomes the entry's `error`."""
        directory = self.out / group / name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        entry = {"group": group, "name": name, "about": about, "basis": basis, "directory": str(directory), **more}
        try:
            make(directory)
        except Exception as error:
            entry["error"] = f"{type(error).__name__}: {error}"
        self.entries.append(entry)

    def copy_original(self, directory, without=()):
        """all-MiniLM-L6-v2 as published; the weights are a link."""
        for path in self.original.rglob("*"):
            place = directory / path.relative_to(self.original)
            if path.is_dir():
                place.mkdir(exist_ok=True)
            elif str(path.relative_to(self.original)) in without or path.name in ("README.md", "data_config.json", ".gitattributes"):
                continue
            elif path.suffix == ".safetensors":
                os.symlink(path.resolve(), place)
            else:
                shutil.copy(path, place)


def read(path):
    return json.loads(Path(path).read_text("utf-8"))


def write(path, value):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")


def change(path, **fields):
    write(path, {**(read(path) if Path(path).exists() else {}), **fields})
