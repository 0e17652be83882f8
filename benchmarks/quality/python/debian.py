"""
debian.py TRANSLATION OUT: pairs of a package's synopsis and its long description, from apt's index of English descriptions.
"""

import re
import sys
from pathlib import Path

from yardstick import normal, sampled, write

TOTAL = 2000
FEWEST_WORDS = 3
FEWEST_LETTERS, MOST_LETTERS = 150, 4000


def stanzas(lines):
    fields = {}
    for line in lines:
        if line == "":
            yield fields
            fields = {}
        elif line.startswith(" "):
            fields[name].append(line[1:])
        else:
            name, _, value = line.partition(": ")
            fields[name] = [value]
    if fields:
        yield fields


def text_of(lines):
    """Debian Policy 5.6.13: "." alone stands for an empty line."""
    return "\n".join("" if line.rstrip() == "." else line.rstrip() for line in lines).strip()


def without_synopsis(synopsis, description):
    """Some descriptions repeat the synopsis as a line or at their beginning."""
    lines = [line for line in description.split("\n") if normal(line) != normal(synopsis)]
    return "\n".join(lines).strip()


def pairs(lines):
    for fields in stanzas(lines):
        synopsis, *long = fields.get("Description-en", [""])
        synopsis = " ".join(synopsis.split())
        description = without_synopsis(synopsis, text_of(long))
        if (
            len(re.findall(r"[A-Za-z]{2,}", synopsis)) >= FEWEST_WORDS
            and FEWEST_LETTERS <= len(description) <= MOST_LETTERS
            and normal(synopsis) not in normal(description)
        ):
            yield fields["Package"][0], synopsis, description


def unambiguous(found):
    """Keeps one pair for each description and each synopsis, because packages of one source often
    share them."""
    seen = set()
    for pair in sorted(found):
        keys = {("synopsis", normal(pair[1])), ("description", normal(pair[2]))}
        if not keys & seen:
            yield pair
        seen |= keys


def main(translation, out):
    lines = Path(translation).read_text(encoding="utf-8").split("\n")
    kept = {package: (package, synopsis, text) for package, synopsis, text in unambiguous(pairs(lines))}
    chosen = sorted(sampled(kept, TOTAL))
    write(out, [kept[package] for package in chosen])
    print(f"{len(kept)} packages, {len(chosen)} taken", file=sys.stderr)


main(*sys.argv[1:])
