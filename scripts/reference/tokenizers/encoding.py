"""
Compact strings for tables of code points; packages/hub/src/tokenizer/unicode/decode.ts reads them. A number is written
in digits of 5 bits, the lowest first, each a character of base64 whose bit 5 says that more follow.
"""

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def encode_number(n):
    out = ""
    while True:
        n, digit = n >> 5, n & 31
        out += DIGITS[digit | (32 if n else 0)]
        if not n:
            return out


def ranges_of(code_points):
    """[first, last] of each run of consecutive code points. The surrogates belong to no run, but do
    not interrupt one."""
    ranges = []
    for c in sorted(code_points):
        if ranges and (ranges[-1][1] == c - 1 or (c == 0xE000 and ranges[-1][1] == 0xD7FF)):
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    return ranges


def encode_set(code_points):
    """For each range: its distance from the previous one, and its length less one."""
    out, end = "", 0
    for first, last in ranges_of(code_points):
        out += encode_number(first - end) + encode_number(last - first)
        end = last + 1
    return out


def encode_runs(runs):
    """For each (first code point, value): its distance from the previous one, and the value."""
    out, before = "", 0
    for first, value in runs:
        out += encode_number(first - before) + encode_number(value)
        before = first
    return out


def encode_map(pairs):
    """
    For each run of keys that are 1 or 2 apart and lie equally far from their values: what lies between it and the one
    before, twice its length less two plus (1 if they are 2 apart), the distance (twice it, or minus twice it less one).
    """
    keys, out, end, i = sorted(pairs), "", 0, 0
    while i < len(keys):
        first, delta = keys[i], pairs[keys[i]] - keys[i]
        best = (1, 1)
        for stride in (1, 2):
            length = 1
            while i + length < len(keys) and keys[i + length] == first + length * stride \
                    and pairs[keys[i + length]] - keys[i + length] == delta:
                length += 1
            best = max(best, (length, -stride))if length > 1 else best
        length, stride = best[0], abs(best[1])
        distance = 2 * delta if delta >= 0 else -2 * delta - 1
        out += encode_number(first - end) + encode_number(2 * (length - 1) + stride - 1) + encode_number(distance)
        end = first + (length - 1) * stride + 1
        i += length
    return out
