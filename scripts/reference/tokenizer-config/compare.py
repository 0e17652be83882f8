"""Compares the effective tokenizer.json files with what transformers make of the same directories.

Usage: python compare.py OUT   (after ask.py and effective.mjs; exits 1 where an id or a setting differs)
"""

import json
import sys
from collections import Counter
from pathlib import Path

from texts import TEXTS
from tokenizers import Tokenizer

PARTS = ("added_tokens", "normalizer", "pre_tokenizer", "post_processor", "model")


def canonical(json_):
    """The file as the Rust library would write it: old spellings and defaults are resolved."""
    return json.loads(Tokenizer.from_str(json.dumps(json_)).to_str())


def without_pairs(part):
    """Parts that matter only for pairs of texts or for offsets are removed, and so is a template
    that adds nothing."""
    if isinstance(part, dict):
        part = {key: without_pairs(value) for key, value in part.items() if key not in ("pair", "trim_offsets", "add_prefix_space" if "cls" in part else "")}
        if part.get("type") == "TemplateProcessing" and len(part["single"]) == 1:
            return None
    elif isinstance(part, list):
        part = [without_pairs(value) for value in part]
    return part


def differences(ours, theirs):
    json_ = canonical(ours["json"])
    found = [part for part in PARTS if without_pairs(json_[part]) != without_pairs(theirs["json"][part])]
    tokenizer = Tokenizer.from_str(json.dumps(ours["json"]))
    tokenizer.encode_special_tokens = ours["splitSpecialTokens"]
    wrong = sum(tokenizer.encode(text).ids != ids for text, ids in zip(TEXTS, theirs["ids"]))
    if wrong and not found and undetermined(ours):
        return ["UNDETERMINED"]
    if wrong:
        found.append(f"ids of {wrong} texts")
    tokenizer.enable_truncation(6, direction=ours["truncationSide"])
    if any(tokenizer.encode(text).ids != ids for text, ids in zip(TEXTS, theirs["short"])):
        found.append("truncated ids")
    for key, name in (("maxLength", "max_length"), ("truncationSide", "truncation_side"),
                      ("splitSpecialTokens", "split_special_tokens"), ("tokenTypes", "token_types")):
        if ours.get(key) != theirs[name]:
            found.append(f"{key} {ours.get(key)} not {theirs[name]}")
    return found


def undetermined(ours):
    """Whether the Rust library itself is not deterministic: of two added tokens with the same
    normal form, a hash decides which is found."""
    load = lambda: Tokenizer.from_str(json.dumps(ours["json"]))
    return len({str([tokenizer.encode(text).ids for text in TEXTS]) for tokenizer in (load() for _ in range(12))}) > 1


def main(out):
    read = lambda name: json.loads((out / name).read_text("utf-8")) if (out / name).exists() else {}
    ours, five, four = read("effective.json"), read("answers-5.json"), read("answers-4.json")
    verdicts, bad, old = Counter(), [], []
    for name in sorted(ours):
        case = json.loads((out / name / "case.json").read_text("utf-8"))["name"]
        mine, new, before = ours[name], five[name], four.get(name)
        if "error" in mine:
            verdict = "refused, as transformers 5 fails" if "error" in new else "refused, transformers 5 opens it"
            print(f"{verdict}: {case}: {mine['error'][:160]}{' | ' + new['error'][:80] if 'error' in new else ''}")
        elif "error" in new:
            verdict = "OPENED, transformers 5 fails"
            print(f"{verdict}: {case}: {new['error'][:160]}")
        else:
            if (out / name / "sentence_bert_config.json").exists():
                new["max_length"] = mine.get("maxLength")  # sentence-transformers has set it
            found = differences(mine, new)
            verdict = "different" if found else "equal"
            if found == ["UNDETERMINED"]:
                verdict = "undetermined in Rust"
            elif found:
                bad.append(f"{case}: {', '.join(found)}")
            if before and "error" not in before and before["ids"] != new["ids"]:
                texts = sum(a != b for a, b in zip(before["ids"], new["ids"]))
                old.append(f"{case} ({texts} texts)")
        verdicts[verdict] += 1
    print("\n".join(["", "DIFFERENT:", *bad, "", f"transformers 4 and 5 disagree ({len(old)}):", *old, ""]))
    print(dict(verdicts), "texts:", len(TEXTS))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
