"""
docstrings.py WHEELS OUT: pairs of a docstring's first paragraph and the code of its function without the docstring,
from wheels that are read and not run. A package is in it as a whole or not at all.
"""

import ast
import inspect
import re
import sys
import textwrap
import zipfile
from pathlib import Path

from yardstick import normal, sampled, write

TOTAL = 2000
"""The most pairs of one package, so that no package dominates."""
OF_PACKAGE = 75
FEWEST_WORDS, MOST_WORDS = 4, 50
FEWEST_LINES, MOST_LINES = 4, 80


def functions(tree, outer=""):
    for node in ast.iter_child_nodes(tree):
        named = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        name = f"{outer}.{node.name}" if named and outer else node.name if named else outer
        if named and not isinstance(node, ast.ClassDef):
            yield name, node
        yield from functions(node, name)


def first_paragraph(node):
    docstring = inspect.cleandoc(ast.get_docstring(node, clean=False) or "")
    return " ".join(docstring.split("\n\n")[0].split())


def code_without_docstring(node, lines):
    """The lines of the function from `def` on, without the docstring, with comments and
    indentation."""
    docstring, rest = node.body[0], node.body[1:]
    if not rest or docstring.lineno == node.lineno or rest[0].lineno == docstring.end_lineno:
        return None
    kept = lines[node.lineno - 1 : docstring.lineno - 1] + lines[docstring.end_lineno : node.end_lineno]
    return textwrap.dedent("\n".join(kept)).strip()


def does_something(statements):
    """Abstract functions and stubs have no content that a query could be about."""
    return not all(
        isinstance(each, (ast.Pass, ast.Raise)) or isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        for each in statements
    )


def is_worth_finding(node, query, code):
    words = re.findall(r"[A-Za-z]{2,}", query)
    return (
        does_something(node.body)
        and query.isascii()
        and FEWEST_WORDS <= len(words) <= MOST_WORDS
        and FEWEST_LINES <= len(code.split("\n")) <= MOST_LINES
        and not node.name.startswith(("__", "test"))
        and not re.match(r"(?i)(args|parameters|returns|example|deprecated|todo|see )|[:>@.]", query)
    )


def pairs_of_wheel(path):
    package = path.name.split("-")[0]
    with zipfile.ZipFile(path) as wheel:
        files = sorted(name for name in wheel.namelist() if name.endswith(".py"))
        for file in files:
            if re.search(r"(^|/)(tests?|_?vendor(ed)?|testing)/", file):
                continue
            text = wheel.read(file).decode("utf-8")
            lines = text.split("\n")
            for name, node in functions(ast.parse(text)):
                query = first_paragraph(node)
                code = query and code_without_docstring(node, lines)
                if code and is_worth_finding(node, query, code):
                    yield package, f"{file}:{name}:{node.lineno}", query, code


def unambiguous(pairs):
    """Removes pairs whose query or code another pair has too, so that each query has one answer."""
    counts = {}
    keys = lambda pair: (("query", normal(pair[2])), ("body", normal(pair[3].split("\n", 1)[1])))
    for pair in pairs:
        for key in keys(pair):
            counts[key] = counts.get(key, 0) + 1
    return [pair for pair in pairs if all(counts[key] == 1 for key in keys(pair))]


def main(wheels, out):
    found = unambiguous([pair for path in sorted(Path(wheels).glob("*.whl")) for pair in pairs_of_wheel(path)])
    by_package = {}
    for package, place, query, code in found:
        by_package.setdefault(package, {})[place] = (query, code)
    kept = {place: pairs[place] for pairs in by_package.values() for place in sampled(pairs, OF_PACKAGE)}
    chosen = sorted(sampled(kept, TOTAL))
    write(out, [(place, *kept[place]) for place in chosen])
    print(f"{len(found)} functions of {len(by_package)} packages, {len(chosen)} taken", file=sys.stderr)


main(*sys.argv[1:])
