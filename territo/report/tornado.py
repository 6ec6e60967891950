"""The page that says what a result rests on: one offline file, with the tornado drawn as bars and written as tables."""

from __future__ import annotations

from dataclasses import dataclass

from territo.domain.catalogue import Catalogue
from territo.domain.robustness import Robustness, Variation
from territo.domain.territory import Territory
from territo.i18n import t
from territo.i18n.numbers import number
from territo.report.offline import refuse_outside_links
from territo.report.palette import DIVERGING
from territo.report.robustness import widest_first
from territo.report.trials import conclusions, factor_name, range_words, trial_tables
from territo.report.wording import day, scale

DRAWN = ("saving", "cost")
# pixels: width of the bars, height of a row, and of a bar in it
WIDTH, ROW, THICK = 430.0, 34.0, 15.0


@dataclass(frozen=True, slots=True)
class Ray:
    """Half of a bar: from the plan under study to one end of a range.

    Parameters
    ----------
    left, width
        Pixels.
    colour
        Of the low or of the high end.
    edge
        Pixels of the far side; ``anchor`` says on which side of it words stand.
    words
        The end of the range and the amount it gives.
    """

    left: float
    width: float
    colour: str
    edge: float
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure as a tornado: where the plan under study stands, and the bars that are not of no length."""

    title: str
    now: float
    now_words: str
    height: float
    bars: tuple[tuple[str, float, tuple[Ray, ...]], ...]


def robustness_page(
    result: Robustness, territory: Territory, catalogue: Catalogue, within: float, lang: str = "fr"
) -> str:
    """Write the page of all that was tried around an answer.

    Parameters
    ----------
    result
        The trials.
    territory, catalogue
        What they were made on.
    within
        What an alternative may lose, as a share.
    lang
        ``fr`` or ``en``.

    Raises
    ------
    OutsideLinkError
        The page would ask for another file.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("territo.report", "assets"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    html = environment.get_template("robustness.html").render(
        lang=lang,
        title=t("robustness.page_title", lang),
        plan=result.run.scenario_name,
        territory=territory.name,
        dated=t("page.dated", lang, date=day(result.run.passport["date"], lang)),
        stopped="" if result.complete else t("robustness.page_stopped", lang),
        kept=t("robustness.page_kept", lang),
        drawings=[drawing(result, figure, lang) for figure in DRAWN],
        nothing=t("robustness.page_none", lang),
        tables=trial_tables(result, territory, catalogue, lang),
        sentences=conclusions(result, within, lang),
        limits=[t(f"page.limits.{name}", lang) for name in ("defaults", "estimated", "seven", "decision")],
        width=WIDTH,
        row=ROW,
        thick=THICK,
    )
    return refuse_outside_links(html)


def drawing(result: Robustness, figure: str, lang: str) -> Drawing:
    """Draw a figure of the plan kept, at both ends of every number that moves it."""
    now = 0.0 if result.trial.outcome is None else float(getattr(result.trial.outcome, figure))
    bars = [bar for bar in widest_first(result) if bar.swing(figure) > 0]
    bars.sort(key=lambda bar: bar.swing(figure), reverse=True)
    ends = [[(end, _value(end, figure)) for end in (bar.low, bar.high) if end is not None] for bar in bars]
    values = [now, *(value for pair in ends for _, value in pair)]
    low, high = min(values), max(values)
    pixels = WIDTH / (high - low) if high > low else 0.0
    divisor, digits, unit = scale("eur_per_year", max(values, key=abs))

    def money(value: float) -> str:
        """Write an amount in the unit that all amounts of the drawing have."""
        return t(f"page.unit.{unit}", lang, value=number(value / divisor, digits, lang))

    rows = []
    for rank, (bar, pair) in enumerate(zip(bars, ends, strict=True)):
        words = [f"{range_words(bar, end, lang)} → {money(value)}" for end, value in pair]
        places = [(value - low) * pixels for _, value in pair]
        rows.append((factor_name(bar, lang), rank * ROW, _rays(places, (now - low) * pixels, words)))
    return Drawing(
        title=t(f"robustness.{figure}", lang),
        now=(now - low) * pixels,
        now_words=t("robustness.page_now", lang, value=money(now)),
        height=ROW * len(bars),
        bars=tuple(rows),
    )


def _rays(places: list[float], now: float, words: list[str]) -> tuple[Ray, Ray]:
    """Draw both ends of a bar; where they lie on the same side, the words of the nearer one stand on the other."""
    (first, colour), (second, other) = zip(places, (DIVERGING[0], DIVERGING[-1]), strict=True)
    left = [first < now, second < now]
    if left[0] == left[1]:
        nearer = int(abs(second - now) < abs(first - now))
        left[nearer] = not left[nearer]
        places = [now if which == nearer else place for which, place in enumerate(places)]
    low, high = (
        Ray(min(at, now), abs(at - now), shade, edge, "end" if on_left else "start", text)
        for at, shade, edge, on_left, text in zip((first, second), (colour, other), places, left, words, strict=True)
    )
    return low, high


def _value(end: Variation, figure: str) -> float:
    return float("nan") if end.kept.outcome is None else float(getattr(end.kept.outcome, figure))
