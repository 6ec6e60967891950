"""The command line: parse, call the use cases, print.

Exit codes: 0 done, 2 bad input, 3 infeasible, 4 no solution within the
limits, 5 data source unavailable, 130 interrupted with the best answer kept.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from territo.cli.console import INTERRUPTED, show_error
from territo.errors import InputError, TerritoError, fault
from territo.i18n import LANGUAGES, t

DEFECT = 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code.

    ``--lang en`` and ``--debug`` may stand anywhere among the arguments.
    """
    words, asked, debug = _common(list(sys.argv[1:] if arguments is None else arguments))
    lang = asked if asked in LANGUAGES else "fr"
    os.environ["TERRITO_LANG"] = lang
    from typer._click.exceptions import UsageError

    from territo.cli.commands import app

    try:
        _require_language(asked)
        code = app()(words or ["--help"], prog_name="territo", standalone_mode=False)
    except UsageError as error:
        from territo.cli.usage import usage

        sys.stderr.write(usage(error, words, lang))
        code = error.exit_code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except TerritoError as error:
        if debug:
            raise
        show_error(error, lang)
        code = error.exit_code
    except Exception as error:
        if debug:
            raise
        sys.stderr.write(t("cli.defect", lang, kind=type(error).__name__, detail=error) + "\n")
        code = DEFECT
    sys.exit(code or 0)


def _require_language(asked: str) -> None:
    if asked not in LANGUAGES:
        sentence = "{name} is not a language of territo: ask for {known}"
        raise InputError(fault("unknown-language", sentence, key="--lang", name=asked, known=", ".join(LANGUAGES)))


def _common(words: list[str]) -> tuple[list[str], str, bool]:
    """Take the options that every command has out of the arguments."""
    lang, debug, rest = os.environ.get("TERRITO_LANG", "fr"), False, []
    while words:
        word = words.pop(0)
        if word == "--debug":
            debug = True
        elif word == "--lang" and words:
            lang = words.pop(0)
        elif word.startswith("--lang="):
            lang = word.removeprefix("--lang=")
        else:
            rest.append(word)
    return rest, lang, debug
