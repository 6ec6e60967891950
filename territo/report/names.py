"""Names that come from data, fit for paper: no control sign, no sign that turns the text around, no endless line."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from territo.domain.catalogue import Catalogue
from territo.domain.indicators import Comparison, Run
from territo.domain.territory import Territory

LONGEST = 60
# categories of Unicode that no printed name needs: controls, formats (right-to-left marks), surrogates, private use
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def printable(text: str) -> str:
    """Leave out what is not a letter, a sign or a space; a line break becomes a space.

    Office files refuse control signs, and right-to-left marks would turn the
    words that follow a name around.
    """
    kept = "".join(sign if unicodedata.category(sign) not in UNPRINTABLE else _space(sign) for sign in text)
    return kept.strip()


def short(text: str, longest: int = LONGEST) -> str:
    """Cut a text that would break a layout, with an ellipsis; papers use it, tables keep names whole."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def printable_territory(territory: Territory) -> Territory:
    """Return the territory with printable names; a name with nothing left of it becomes the code."""
    communes, sites = territory.communes, territory.sites
    return replace(
        territory,
        name=printable(territory.name),
        communes=replace(communes, names=_names(communes.names, communes.codes)),
        sites=replace(sites, names=_names(sites.names, sites.ids)),
        sources=tuple(
            replace(
                source,
                producer=printable(source.producer),
                licence=printable(source.licence),
                vintage=printable(source.vintage),
            )
            for source in territory.sources
        ),
    )


def printable_comparison(comparison: Comparison) -> Comparison:
    """Return the comparison with printable names of scenarios."""
    return Comparison(_run(comparison.reference), tuple(map(_run, comparison.runs)))


def printable_catalogue(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with printable labels."""
    services = tuple(
        replace(service, label=printable(service.label) or service.code, legal=printable(service.legal))
        for service in catalogue.services
    )
    return replace(catalogue, services=services)


def _space(sign: str) -> str:
    return " " if sign in "\n\r\t\u2028\u2029" else ""


def _names(names: tuple[str, ...], codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(printable(name) or printable(code) for name, code in zip(names, codes, strict=True))


def _run(run: Run) -> Run:
    passport: Mapping[str, str] = {key: printable(value) for key, value in run.passport.items()}
    return replace(run, scenario_name=printable(run.scenario_name) or printable(run.scenario_id), passport=passport)
