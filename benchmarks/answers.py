"""The questions that take many solves: a verdict on each service, and why scenarios cannot be kept.

``python -m benchmarks.answers [--territory outputs/corse] [--communes 31] [--only verdicts] [--services 8 all]``
from the root of the repository; one thread. Without a territory, one is
modelled. A solve is one program given to HiGHS.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.tables import row
from territo.domain.explanation import Explanation
from territo.domain.travel import LoadedTerritory
from territo.domain.verdict import Verdict
from territo.locate import highs
from territo.progress import Silent
from territo.scenario.schema import Scenario
from territo.studies.build import load_territory, model_territory
from territo.studies.explain import explain
from territo.studies.verdict import verdicts

HEAD = ("question", "scenario", "services", "solves", "CPU s", "clock s", "answer")
SEED = 7
EIGHT = (
    *("france_services", "action_sociale", "eaje", "mediatheque"),
    *("voirie", "espaces_verts", "ads", "finances"),
)
POLES = {"front": "poles", "field": "poles", "back": "central"}
FREE = {"front": "free", "field": "poles", "back": "central"}
TERRITORIES = {"count": [3, 5], "balance": {"on": "workload", "tolerance": 0.5}, "contiguity": True}
NORMS = {
    "france_services": {"within_minutes": 15, "share": 0.9},
    "mediatheque": {"within_minutes": 20, "share": 0.9},
    "eaje": {"within_minutes": 20, "share": 0.85},
}
KEPT, OPEN = 6, 8


def scenario(name: str, modalities: dict[str, str], limit: float, **promises: object) -> Scenario:
    """Write a scenario that weighs cost and travel."""
    asked = {
        "id": name.replace(" ", "-"),
        "name": name,
        "services": EIGHT,
        "modalities": modalities,
        "territories": TERRITORIES,
        "objective": {"kind": "weighted", "value_of_time_eur_h": 8.6},
        "solver": {"time_limit_s": limit, "threads": 1},
    }
    return Scenario.model_validate(asked | promises)


def weighed(limit: float, sizes: Sequence[str]) -> list[Scenario]:
    """Write the scenarios of which services are weighed, with eight services or all."""
    sides = (("poles", POLES), ("free fronts", FREE))
    offers = [EIGHT if size == "8" else "all" for size in sizes]
    return [scenario(*side, limit, services=offer) for offer in offers for side in sides]


def impossible(territory: LoadedTerritory, limit: float) -> list[Scenario]:
    """Write the scenarios that cannot be kept: too far, too dear, too many places."""
    near = {
        "france_services": {"within_minutes": 20, "share": 0.9, "max_minutes": 30},
        "action_sociale": {"within_minutes": 20, "share": 0.85},
    }
    closer = TERRITORIES | {"balance": {"on": "workload", "tolerance": 0.25}}
    sites, communes = territory.territory.sites.ids, territory.territory.communes.codes
    kept = sorted(sites, key=lambda site: (site in communes, site))[:KEPT]
    places = {"sites": {"max_open": OPEN, "keep": kept}, "norms": {"mediatheque": NORMS["mediatheque"]}}
    return [
        scenario("poles and norms", POLES, limit, norms=near, territories=closer),
        scenario("budget and norms", FREE, limit, norms=NORMS, budget={"running_cost_change_pct": -3}),
        scenario("kept sites and a number of them", FREE, limit, **places),
    ]


def counted(ask: Callable[[], object]) -> tuple[object, int, float, float]:
    """Ask, and return the answer, the programs solved, the seconds of the processor and on the clock."""
    solve, number = highs.minimise, 0

    def one_more(*arguments: object, **options: object) -> highs.Answer:
        """Count a program and solve it."""
        nonlocal number
        number += 1
        return solve(*arguments, **options)

    highs.minimise = one_more
    cpu, clock = time.process_time(), time.perf_counter()
    try:
        answer = ask()
    finally:
        highs.minimise = solve
    return answer, number, time.process_time() - cpu, time.perf_counter() - clock


def words_of_verdicts(found: tuple[Verdict, ...]) -> str:
    """Count the choices, and say the widest margin beside its regret."""
    choices = [verdict.choice for verdict in found]
    said = ", ".join(f"{choices.count(choice)} {choice}" for choice in dict.fromkeys(choices))
    margins = [verdict.margin for verdict in found if verdict.regret is not None]
    return f"{said}; margins up to {max(margins, default=0.0) / 1000:.0f} kEUR"


def words_of(explanation: Explanation) -> str:
    """Say what is known: the repairs, the sets that conflict, and what is not complete."""
    ending = "complete" if explanation.complete else "not complete"
    if explanation.feasible is not False:
        return f"{'can be kept' if explanation.feasible else 'not known'}, {len(explanation.prices)} prices; {ending}"
    repairs = len(explanation.repairs) or len(explanation.smallest_set)
    kind = "repairs" if explanation.repairs else "changes together"
    least = sum(each.least for each in (*explanation.repairs, *explanation.smallest_set))
    all_of_them = len(explanation.repairs) + len(explanation.smallest_set)
    sets = f"{len(explanation.conflicts)} conflicts{'' if explanation.every_conflict else ' and more'}"
    return f"{repairs} {kind}, {least} of {all_of_them} the least; {sets}; {ending}"


def main() -> None:
    """Ask both kinds of question on a territory, and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--territory", type=Path, help="folder of a territory that was built")
    options.add_argument("--communes", type=int, default=31, help="of the territory that is modelled without one")
    options.add_argument("--limit", type=float, default=120.0, help="solver.time_limit_s of each scenario")
    options.add_argument("--only", nargs="+", default=["verdicts", "explain"], choices=["verdicts", "explain"])
    options.add_argument("--services", nargs="+", default=["8", "all"], choices=["8", "all"], help="of the verdicts")
    given = options.parse_args()
    print(row(HEAD) + "\n" + row("---" for _ in HEAD), flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.territory or Path(temporary)
        if given.territory is None:
            model_territory(folder, communes=given.communes, seed=SEED)
        territory = load_territory(folder)
        questions = [("verdicts", asked) for asked in weighed(given.limit, given.services)]
        questions += [("explain", asked) for asked in impossible(territory, given.limit)]
        for kind, asked in questions:
            if kind in given.only:
                print(line(kind, asked, territory), flush=True)


def line(kind: str, asked: Scenario, territory: LoadedTerritory) -> str:
    """Ask one question and write its line."""
    ask = verdicts if kind == "verdicts" else explain
    answer, solves, cpu, clock = counted(lambda: ask(asked, territory, progress=Silent()))
    said = words_of(answer) if isinstance(answer, Explanation) else words_of_verdicts(answer)
    services = "28" if asked.services == "all" else str(len(asked.services))
    return row([kind, asked.name, services, str(solves), f"{cpu:.0f}", f"{clock:.0f}", said])


if __name__ == "__main__":
    main()
