"""A frontier as a table of the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from territo.domain.frontier import Frontier, Point
from territo.i18n import t
from territo.i18n.numbers import number, percent
from territo.report.promises import money
from territo.report.wording import MISSING, amount

COLUMNS = ("cost", "travel", "equity", "price", "proof")


def show_frontier(frontier: Frontier, lang: str) -> None:
    """Print each compromise with its price, and how far it is proven."""
    title = "cli.frontier.title_equity" if "equity" in frontier.terms else "cli.frontier.title"
    table = Table(title=t(title, lang, name=frontier.scenario["name"]), title_justify="left")
    table.add_column("")
    for column in COLUMNS:
        key = f"{column}_{frontier.measure}" if column == "equity" else column
        table.add_column(t(f"cli.frontier.{key}", lang), justify="right")
    for index, point in enumerate(frontier.points):
        table.add_row(*(Text(words) for words in _row(index, point, lang)))
    console = Console()
    console.print(table)
    if any(point.knee for point in frontier.points):
        console.print(t("cli.frontier.knee", lang), markup=False)
    if not frontier.complete:
        console.print(t("cli.frontier.incomplete", lang), markup=False)
    if frontier.target_only:
        console.print(t("cli.frontier.target_only", lang), markup=False)


def _row(index: int, point: Point, lang: str) -> tuple[str, ...]:
    price = (
        "" if point.price_to_next is None else t("cli.frontier.eur", lang, value=number(point.price_to_next, 0, lang))
    )
    # a gap of 1 is a bound of 0, which is known before anything is computed
    known = "cli.frontier.not_proven" if point.gap < 1.0 else "cli.frontier.not_proven_open"
    proof = "cli.frontier.proven" if point.proven else known
    return (
        f"{index + 1}{' *' if point.knee else ''}",
        money(point.cost, lang),
        t("cli.frontier.hours", lang, value=number(point.travel, 0, lang)),
        MISSING if point.equity is None else amount("min", point.equity, lang),
        price,
        t(proof, lang, margin=percent(point.gap, 3, lang)),
    )
