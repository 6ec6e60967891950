"""What is not YAML, in the words of somebody who does not know its grammar."""

from __future__ import annotations

from typing import Any

from territo.errors import Fault, fault

TAB = ("yaml-tab", "a tab stands at the beginning of this line: indent with spaces")
SIGN = ("yaml-sign", "no value begins with the sign {sign}: write the value in quotes")
OTHER = ("yaml-syntax", "this is not valid YAML: check indentation, colons and quotes here or just above")
# part of what the reader of YAML says -> code and sentence
SYNTAX = {
    "tab character": TAB,
    "',' or ']'": ("yaml-list", "a list opened by [ lacks a comma or its ], here or just above: complete it"),
    "',' or '}'": ("yaml-braces", "keys opened by {{ lack a comma or their }}, here or just above: complete them"),
    "mapping values": ("yaml-colon", "a colon stands where none is expected: check indentation, or quote the text"),
    "expected key": ("yaml-line", "this line does not follow from those above: check its indentation, then quotes"),
    "end of stream": ("yaml-quote", "a quote opened above is never closed: close it"),
}


def syntax_fault(name: str, text: str, error: Exception) -> Fault:
    """Make the fault of a text that is not YAML, with the line where it stands.

    Parameters
    ----------
    name
        Of the file.
    text
        Its content.
    error
        What the reader of YAML raised.
    """
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    lines = text.split("\n")
    line = mark.line if mark else text[: getattr(error, "position", 0)].count("\n")
    said = str(getattr(error, "problem", None) or "")
    sign = lines[line][mark.column : mark.column + 1] if mark and line < len(lines) else ""
    found = next((known for part, known in SYNTAX.items() if part in said), OTHER)
    if "cannot start" in said and sign:
        found = TAB if sign == "\t" else SIGN
    code, sentence = found
    return fault(code, sentence, where=f"{name}:{line + 1}", **({"sign": sign} if found is SIGN else {}))
