"""Determines what the Rust library `tokenizers` does with every single code point, by calling it.
"""

import base64
import struct

from tokenizers import Regex, normalizers, pre_tokenizers

CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
ALL = "".join(map(chr, CODE_POINTS))


def code_points_where(holds):
    """The code points for whose character `holds` is true."""
    return [c for c in CODE_POINTS if holds(chr(c))]


def normalised(step):
    """{code point: result} for the code points that the step changes."""
    return {c: out for c in CODE_POINTS if (out := step.normalize_str(chr(c))) != chr(c)}


def pieces(step, text):
    return [piece for piece, _ in step.pre_tokenize_str(text)]


def bert_normalizer(**on):
    flags = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False}
    return normalizers.BertNormalizer(**{**flags, **on})


def oniguruma_class(pattern):
    """The code points that a class of Oniguruma matches, e.g. r"\\p{L}"; None when it is refused.
    """
    try:
        others = normalizers.Replace(Regex(f"[^{pattern}]"), "")
    except Exception:
        return None
    return list(map(ord, others.normalize_str(ALL)))


def script_classes():
    """[(first code point, class)] of UnicodeScripts; class 0 is `Any`, which belongs to every
    script."""
    step = pre_tokenizers.UnicodeScripts()
    is_any = {c for c in CODE_POINTS if not pieces(step, chr(c))}
    samples, runs, last = [], [], None
    for c in CODE_POINTS:
        if c in is_any:
            found = 0
        elif last and len(pieces(step, samples[last - 1] + chr(c))) == 1:
            found = last
        else:
            found = next((i + 1 for i, s in enumerate(samples) if len(pieces(step, s + chr(c))) == 1), 0)
            if found == 0:
                samples.append(chr(c))
                found = len(samples)
        if not runs or runs[-1][1] != found:
            runs.append((c, found))
        last = found
    return runs


def cluster_counter():
    """
    A function that counts clusters: a table of Precompiled in which every byte is replaced by "X" writes one X for each
    grapheme cluster of less than 6 bytes, and one for each character of a longer one.
    """
    units = [0] * 768
    units[0] = 256 << 10
    for byte in range(1, 256):
        units[256 ^ byte] = 768 << 10 | 1 << 8 | byte
        units[256 ^ byte ^ 768] = 1 << 31
    table = struct.pack("<I768I", 4 * len(units), *units) + b"X\0"
    step = normalizers.Precompiled(table)
    return lambda text: len(step.normalize_str(text))


def grapheme_class(c, count):
    """
    Class of a character in UAX 29. Each probe is a text in which the cluster's length tells whether two characters
    are joined. Pairs of regional indicators, and controls beyond U+FFFF, make no difference to any cluster of less
    than 6 bytes and are not distinguished from other characters.
    """
    accent, copyright, joiner, ka, virama = "\u0301", "©", "\u200d", "\u0915", "\u094d"
    lead, vowel, tail = "\u1100", "\u1161", "\u11a8"
    if count(c + "a") == 1:
        return "Prepend"
    if count("a" + c) == 1:
        if c == joiner:
            return "Joiner"
        if count(ka + c + ka + accent) == 4:
            return "Linker"
        if count(copyright + c + joiner + copyright + accent) != 5:
            return "SpacingMark"
        return "Extend" if count(ka + virama + c + ka + accent) == 5 else "PlainExtend"
    size = len(c.encode())
    if size < 4 and count(c + accent) == 2:
        return "Control"
    if count(copyright + joiner + c + accent) == 4:
        return "Pictographic"
    if count(c + virama + ka + accent) == 4:
        return "Consonant"
    if size == 4:
        return "V" if count(c + vowel + accent) == 3 else "Other"
    if count(tail + c + accent) == 3:
        return "T"
    if count(vowel + c + accent) == 3:
        return "V"
    if count(lead + c + accent) == 3:
        if count(c + lead + accent) == 3:
            return "L"
        return "LV" if count(c + vowel + accent) == 3 else "LVT"
    return "Other"
