"""
Writes packages/hub/src/tokenizer/unicode/generated from what the Rust library `tokenizers` does with every code point.

    <python with tokenizers 0.23.3> scripts/reference/tokenizers/generate_tables.py

Needs `node` with Unicode 16 or newer. The tables are the same for every Python and Node that meets this.
"""

import json
import pathlib
import subprocess
import unicodedata

from tokenizers import Regex, __version__, normalizers, pre_tokenizers

import probe
from encoding import encode_map, encode_runs, encode_set, ranges_of
from script_names import SCRIPT_NAMES

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parents[2] / "packages/hub/src/tokenizer/unicode/generated"
CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn".split()
GRAPHEME_CLASSES = (
    "Other Control Extend PlainExtend Linker Joiner SpacingMark Prepend Pictographic Consonant L V T LV LVT".split()
)


def write(name, purpose, constants):
    lines = [
        "// Generated from the Rust library `tokenizers` " + __version__ + ". To generate it again:",
        "// python scripts/reference/tokenizers/generate_tables.py",
        "",
        f"/** {purpose} */",
    ]
    for constant, value in constants.items():
        literal = json.dumps(value) if not isinstance(value, list) else json.dumps(value)
        kind = "string" if isinstance(value, str) else "readonly string[]"
        lines.append(f"export const {constant}: {kind} = {literal};")
    text = "\n".join(lines) + "\n"
    (TARGET / f"{name}.ts").write_text(text)
    print(f"{name}.ts: {len(text)} bytes")


def normalization_cuts():
    """Code points that the library's normalisation tables do not know, or that Unicode 16 had not
    assigned."""
    forms = [normalizers.NFD(), normalizers.NFKD(), normalizers.NFC(), normalizers.NFKC()]
    cuts = set(probe.oniguruma_class(r"\p{Cn}"))
    printed = subprocess.run(
        ["node", HERE / "probe-normalization.mjs"], check=True, capture_output=True, text=True
    ).stdout
    for line in printed.strip("\n").split("\n"):
        code, newer = json.loads(line)
        char = chr(code)
        known = [form.normalize_str(char) for form in forms]
        known += [forms[0].normalize_str(text) for text in (char + "\u0338", "\u0345" + char)]
        if known == newer:
            continue
        cuts.add(code)
        # It does not know the composition, but the first part may follow the others.
        cuts.add(ord(newer[0][0]))
    return cuts


def text_sets():
    space = probe.code_points_where(lambda c: not probe.pieces(pre_tokenizers.WhitespaceSplit(), c))
    assert space == list(probe.normalised(normalizers.Strip(True, True)))
    assert space == probe.oniguruma_class(r"\s")
    cleaned = probe.normalised(probe.bert_normalizer(clean_text=True))
    assert set(cleaned.values()) <= {"", " "}
    removed = [c for c, out in cleaned.items() if out == ""]
    assert sorted([c for c, out in cleaned.items() if out == " "] + [0x20]) == [c for c in space if c not in removed]
    bert_marks = probe.normalised(probe.bert_normalizer(strip_accents=True))
    punctuation = probe.code_points_where(lambda c: len(probe.pieces(pre_tokenizers.Punctuation(), "a" + c)) == 2)
    bert = pre_tokenizers.BertPreTokenizer()
    assert punctuation == probe.code_points_where(lambda c: len(probe.pieces(bert, "a" + c)) == 2)
    sets = {
        "whiteSpace": space,
        "bertRemoved": removed,
        "bertIdeographs": list(probe.normalised(probe.bert_normalizer(handle_chinese_chars=True))),
        "bertMarks": [c for c, out in bert_marks.items() if out == ""],
        "combiningMarks": list(probe.normalised(normalizers.StripAccents())),
        "punctuation": punctuation,
        "numeric": probe.code_points_where(lambda c: len(probe.pieces(pre_tokenizers.Digits(), "a" + c)) == 2),
    }
    for name, code_points in sets.items():
        print(name, len(code_points), "code points", len(ranges_of(code_points)), "ranges")
    write("text-sets", "Character sets of the steps that process a text character by character.", {n: encode_set(s) for n, s in sets.items()})


def categories():
    """The categories of Oniguruma, and the differences of its other classes from unions of them."""
    category = {}
    for index, name in enumerate(CATEGORIES):
        for c in probe.oniguruma_class(rf"\p{{{name}}}"):
            category[c] = index
    assert len(category) == len(probe.CODE_POINTS)
    union = lambda *names: {c for c, i in category.items() if CATEGORIES[i] in names}
    oni = lambda pattern: set(probe.oniguruma_class(pattern))
    alphabetic, upper, lower = oni("[:alpha:]"), oni("[:upper:]"), oni("[:lower:]")
    letters = union("Lu", "Ll", "Lt", "Lm", "Lo", "Nl")
    assert letters <= alphabetic and union("Lu") <= upper and union("Ll") <= lower
    marks = union("Mn", "Mc", "Me")
    space = oni(r"\s")
    assert oni(r"\w") == oni("[:word:]") == alphabetic | marks | union("Nd", "Pc")
    assert oni(r"\d") == oni("[:digit:]") == union("Nd")
    assert oni("[:alnum:]") == alphabetic | union("Nd")
    assert oni("[:blank:]") == union("Zs") | {9}
    assert oni("[:cntrl:]") == union("Cc")
    symbols = union("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So")
    assert oni("[:punct:]") == symbols
    invisible = union("Cc", "Cn") | space
    assert oni("[:graph:]") == set(probe.CODE_POINTS) - invisible, "graph"
    assert oni("[:print:]") == (set(probe.CODE_POINTS) - invisible) | union("Zs"), "print"
    assert oni("[:space:]") == space
    step = pre_tokenizers.Whitespace()
    rust_word = set(probe.code_points_where(lambda c: probe.pieces(step, "a" + c) == ["a" + c]))
    assert rust_word == oni(r"\w") | {0x200C, 0x200D}
    assert set(probe.code_points_where(lambda c: probe.pieces(step, "a" + c) == ["a"])) == space
    runs = [(c, category[c]) for c in probe.CODE_POINTS if c == 0 or category[c] != category.get(c - 1)]
    write(
        "categories",
        "General categories of Oniguruma, and the classes that are not unions of them.",
        {
            "categoryNames": " ".join(CATEGORIES),
            "categoryRuns": encode_runs(runs),
            "otherAlphabetic": encode_set(alphabetic - letters),
            "otherUppercase": encode_set(upper - union("Lu")),
            "otherLowercase": encode_set(lower - union("Ll")),
        },
    )


def scripts():
    script = {}
    for index, name in enumerate(SCRIPT_NAMES):
        members = probe.oniguruma_class(rf"\p{{{name}}}")
        assert members, f"Oniguruma does not know {name}"
        script.update((c, index) for c in members)
    missing = [c for c in probe.CODE_POINTS if c not in script]
    assert not missing, [hex(c) for c in missing[:20]]
    runs = [(c, script[c]) for c in probe.CODE_POINTS if c == 0 or script[c] != script.get(c - 1)]
    write(
        "scripts",
        "Scripts of Oniguruma.",
        {"scriptNames": " ".join(SCRIPT_NAMES), "scriptRuns": encode_runs(runs)},
    )


def case_tables():
    lower = probe.normalised(normalizers.Lowercase())
    assert lower == probe.normalised(probe.bert_normalizer(lowercase=True))
    assert {c: out for c, out in lower.items() if len(out) > 1} == {0x130: "i\u0307"}
    pairs = {c: ord(out) for c, out in lower.items() if len(out) == 1}
    cased = set(lower) | set(map(ord, "".join(lower.values())))
    for char in probe.ALL:
        forms = {char.lower(), char.upper(), char.title(), char.casefold()} - {char}
        if forms:
            cased.update(map(ord, char + "".join(forms)))
    cased |= set(probe.oniguruma_class("[:upper:]")) | set(probe.oniguruma_class("[:lower:]"))
    cased = sorted(cased)
    everything = "".join(map(chr, cased))
    first = {}
    for c in cased:
        same = normalizers.Replace(Regex(f"(?i:[^\\x{{{c:X}}}])"), "").normalize_str(everything)
        orbit = sorted(map(ord, same))
        assert c in orbit
        for other in orbit:
            if other != orbit[0]:
                assert first.setdefault(other, orbit[0]) == orbit[0]
    long_folds = [c for c in cased if len(chr(c).casefold()) > 1]
    for c in long_folds:
        fold = chr(c).casefold()
        matched = normalizers.Replace(Regex(f"(?i:\\x{{{c:X}}})"), "").normalize_str(fold)
        print(f"U+{c:04X} stands for {ascii(fold)}: {matched == ''}")
    write(
        "case",
        "Lowercase letters, the first code point that Oniguruma treats as the same letter, and letters with long folds.",
        {
            "lowercaseMap": encode_map(pairs),
            "caseOrbitMap": encode_map(first),
            "longFolds": [chr(c) + chr(c).casefold() for c in long_folds],
        },
    )


def graphemes():
    count = probe.cluster_counter()
    runs, last = [], None
    for c in probe.CODE_POINTS:
        found = probe.grapheme_class(chr(c), count)
        if 0xAC00 <= c <= 0xD7A3:
            assert found == ("LV" if (c - 0xAC00) % 28 == 0 else "LVT")
            found = "Other"
        if found != last:
            runs.append((c, GRAPHEME_CLASSES.index(found)))
        last = found
    write(
        "graphemes",
        "Classes of grapheme cluster boundaries, without the syllables of Hangul.",
        {"graphemeClassNames": " ".join(GRAPHEME_CLASSES), "graphemeRuns": encode_runs(runs)},
    )


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    text_sets()
    case_tables()
    categories()
    scripts()
    graphemes()
    write("script-classes", "Classes of UnicodeScripts; class 0 belongs to every script.", {"scriptClassRuns": encode_runs(probe.script_classes())})
    write("normalization-cuts", "Code points that two Unicode versions may normalise differently.", {"normalizationCuts": encode_set(normalization_cuts())})
