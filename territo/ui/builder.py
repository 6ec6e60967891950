"""The form of a scenario: every answer is a value of its text, and the text stays the only truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from territo.domain.catalogue import Catalogue
from territo.domain.territory import Territory
from territo.studies.drafts import Draft, changed
from territo.ui.session import say

KINDS = ("front", "field", "back")
MODALITIES = ("central", "poles", "free")
GOALS = ("cost", "travel", "coverage", "equity")
PERCENT = 100.0
NARROW, NOTHING = 92, "–"  # a column of the promises, in pixels, and a cell without one
NORM = ("within_minutes", "share", "max_minutes")

Change = Callable[[Any], list[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class Form:
    """A form on a draft.

    Parameters
    ----------
    draft
        What the fields show; its text is YAML.
    key
        Where the session keeps the text, and its revision.
    turn
        Part of the keys of the fields: they start anew where the text was typed.
    catalogue, territory
        What can be chosen.
    """

    draft: Draft
    key: str
    turn: int
    catalogue: Catalogue
    territory: Territory

    def at(self, path: str, default: Any = None) -> Any:
        """Return the value of a dotted path of the text, or the default where there is none."""
        value: Any = self.draft.data
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return default if value is None else value

    def field(self, path: str, change: Change | None = None) -> dict[str, Any]:
        """Return the key and the callback that a field of this path needs."""
        key = f"{self.key}.{path}.{self.turn}"
        return {"key": key, "on_change": _changed, "args": (self.key, key, path, change)}


def _changed(state: str, key: str, path: str, change: Change | None) -> None:
    value = st.session_state[key]
    changes = change(value) if change else [(path, value)]
    text, revision = st.session_state[state]
    st.session_state[state] = (changed(text, changes), revision + 1)


def form(on: Form) -> None:
    """Show the form, one tab a question."""
    names = ("services", "territories", "norms", "money", "sites", "goal")
    tabs = st.tabs([say(f"scenario.tab_{name}") for name in names])
    parts = (_services, _territories, _norms, _money, _sites, _goal)
    for tab, part in zip(tabs, parts, strict=True):
        with tab:
            part(on)


def _services(on: Form) -> None:
    st.text_input(say("scenario.name"), on.at("name", ""), max_chars=200, **on.field("name"))
    codes = on.catalogue.codes
    asked = on.at("services", "all")
    st.multiselect(
        say("scenario.services"),
        codes,
        codes if asked == "all" else [code for code in asked if code in codes],
        format_func=lambda code: on.catalogue[code].label,
        **on.field("services"),
    )
    defaults = {"front": ["free"], "field": ["central"], "back": ["central"]}
    for kind in KINDS:
        found = on.at(f"modalities.{kind}", defaults[kind])
        st.pills(
            say(f"scenario.kind_{kind}"),
            MODALITIES,
            default=[found] if isinstance(found, str) else found,
            selection_mode="multi",
            format_func=lambda name: say(f"scenario.modality_{name}"),
            **on.field(f"modalities.{kind}", _modalities(kind)),
        )


def _modalities(kind: str) -> Change:
    return lambda value: [(f"modalities.{kind}", value[0] if len(value) == 1 else list(value))]


def _territories(on: Form) -> None:
    drawn = bool(on.at("territories"))
    st.toggle(say("scenario.territories"), drawn, **on.field("territories", _draw))
    if not drawn:
        st.caption(say("scenario.no_territories"))
        return
    count = on.at("territories.count", [3, 5])
    ends = (count, count) if isinstance(count, int) else tuple(count)
    most = max(12, ends[1])
    st.slider(say("scenario.count"), 1, most, ends, **on.field("territories.count", _list("territories.count")))
    tolerance = round(PERCENT * on.at("territories.balance.tolerance", 0.25))
    st.slider(say("scenario.tolerance"), 0, 100, tolerance, 5, format="%d %%", **on.field("balance", _share_of_balance))
    st.toggle(
        say("scenario.contiguity"), bool(on.at("territories.contiguity", True)), **on.field("territories.contiguity")
    )


def _draw(wanted: bool) -> list[tuple[str, Any]]:  # noqa: FBT001 - the value of a switch
    return [("territories", {"count": [3, 5], "contiguity": True} if wanted else None)]


def _list(path: str) -> Change:
    return lambda value: [(path, list(value) or None)]


def _share_of_balance(value: int) -> list[tuple[str, Any]]:
    return [("territories.balance", {"on": "workload", "tolerance": value / PERCENT})]


def _norms(on: Form) -> None:
    st.caption(say("scenario.norms_note"))
    asked = on.at("services", "all")
    codes = [code for code in on.catalogue.codes if (asked == "all" or code in asked) and _front(on, code)]
    rows = [[_number(on.at(f"norms.{code}.{name}")) for name in NORM] for code in codes]
    shown = [[within, share if share is None else PERCENT * share, most] for within, share, most in rows]
    frame = pd.DataFrame(shown, columns=list(NORM), dtype="float64")
    frame.insert(0, "service", [on.catalogue[code].label for code in codes])
    columns: dict[str, Any] = {"service": st.column_config.TextColumn(say("scenario.service"), disabled=True)}
    columns |= {
        name: st.column_config.NumberColumn(
            say(f"scenario.{name}"), min_value=0.0, max_value=240.0, format="%g", width=NARROW
        )
        for name in NORM
    }
    st.data_editor(
        frame,
        hide_index=True,
        column_config=columns,
        width="stretch",
        placeholder=NOTHING,
        **on.field("norms", _edited(codes, shown)),
    )


def _front(on: Form, code: str) -> bool:
    return on.catalogue[code].kind == "front"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _edited(codes: list[str], rows: list[list[float | None]]) -> Change:
    def changes(edits: Any) -> list[tuple[str, Any]]:
        found = []
        for row, new in edits["edited_rows"].items():
            for name, value in new.items():
                rows[int(row)][NORM.index(name)] = value
            within, share, most = rows[int(row)]
            norm = {"within_minutes": within, "share": None if share is None else share / PERCENT, "max_minutes": most}
            kept = {name: _whole(value) for name, value in norm.items() if value is not None}
            found.append((f"norms.{codes[int(row)]}", kept or None))
        return found

    return changes


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() and value > 1 else value


def _money(on: Form) -> None:
    st.number_input(
        say("scenario.running"), -99.0, 100.0, _number(on.at("budget.running_cost_change_pct")), 1.0,
        placeholder=say("scenario.no_limit"), **on.field("budget.running_cost_change_pct"),
    )  # fmt: skip
    st.number_input(
        say("scenario.capital"), 0.0, None, _number(on.at("budget.capital_eur")), 50_000.0,
        placeholder=say("scenario.no_limit"), **on.field("budget.capital_eur"),
    )  # fmt: skip


def _sites(on: Form) -> None:
    sites = on.territory.sites
    names = dict(zip(sites.ids, sites.names, strict=True))
    for wish in ("keep", "close"):
        st.multiselect(
            say(f"scenario.{wish}"),
            sites.ids,
            [site for site in on.at(f"sites.{wish}", []) if site in names],
            format_func=names.__getitem__,
            **on.field(f"sites.{wish}", _list(f"sites.{wish}")),
        )
    for path in ("max_open", "max_closures"):
        st.number_input(
            say(f"scenario.{path}"), 0 if path == "max_closures" else 1, None, on.at(f"sites.{path}"), 1,
            placeholder=say("scenario.no_limit"), **on.field(f"sites.{path}"),
        )  # fmt: skip


def _goal(on: Form) -> None:
    kind = on.at("objective.kind", "weighted")
    kinds = [*dict.fromkeys(("weighted", "lexicographic", kind))]
    st.segmented_control(
        say("scenario.objective"),
        kinds,
        default=kind,
        required=True,
        format_func=lambda name: say(f"scenario.kind_of_{name}") if name in kinds[:2] else name,
        **on.field("objective.kind", _objective),
    )
    if kind == "weighted":
        value = float(on.at("objective.value_of_time_eur_h", 8.6))
        st.slider(
            say("scenario.time_value"), 0.0, max(30.0, value), value, 0.2, **on.field("objective.value_of_time_eur_h")
        )
    if kind == "lexicographic":
        st.multiselect(
            say("scenario.order"),
            [*dict.fromkeys((*on.at("objective.order", []), *GOALS))],
            on.at("objective.order", []),
            format_func=lambda name: say(f"scenario.goal_{name}") if name in GOALS else name,
            **on.field("objective.order", _list("objective.order")),
        )
    take_up = float(on.at("digital.take_up_scale", 1.0))
    st.slider(say("scenario.digital"), 0.0, max(2.0, take_up), take_up, 0.1, **on.field("digital.take_up_scale"))
    limit = float(on.at("solver.time_limit_s", 60.0))
    st.number_input(say("scenario.time_limit"), 1.0, 86_400.0, limit, 10.0, **on.field("solver.time_limit_s"))


def _objective(kind: str) -> list[tuple[str, Any]]:
    more = {"value_of_time_eur_h": 8.6} if kind == "weighted" else {"order": ["cost", "travel"]}
    return [("objective", {"kind": kind, **more})]
