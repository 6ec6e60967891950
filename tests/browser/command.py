"""The command line, but for the two commands whose answers are played: a repair, and a frontier of what was solved."""

import json
import os
import shutil
import sys
from pathlib import Path

from territo.cli import main

REPAIR = {
    "feasible": False,
    "sentence": {"fr": "Le budget ne suffit pas : il faut +60 %.", "en": "The budget is not enough: +60% is needed."},
    "repairs": [
        {
            "promise": "budget",
            "label_params": {},
            "from": -60,
            "to": 60,
            "unit": "%",
            "patch": [{"path": "budget.running_cost_change_pct", "value": 60}],
        }
    ],
    "smallest_set": ["budget"],
    "conflicts": [["budget"]],
    "binding": [],
}


def frontier(out: Path) -> None:
    points = []
    for index, run in enumerate(("01", "02", "03")):
        folder = out / "points" / f"{index:02d}"
        for number, source in enumerate(("00", run)):
            shutil.copytree(Path(os.environ["TERRITO_SOLVED"]) / source, folder / f"{number:02d}")
        points.append(
            {
                "index": index,
                "cost": 1e6 * (4 + index),
                "travel": 9e4 - 2e4 * index,
                "equity": None,
                "status": "optimal" if index else "feasible",
                "gap": 0.001,
                "knee": index == 1,
                "price_to_next": None if index == 2 else 50.0,
                "folder": f"points/{index:02d}",
            }
        )
    content = {"terms": ["cost", "travel"], "units": {}, "payoff": {}, "points": points, "complete": True}
    (out / "frontier.json").write_text(json.dumps(content))


words = sys.argv[1:]
if words[0] == "explain":
    sys.stdout.write(json.dumps(REPAIR))
    sys.exit(3)
elif words[0] == "pareto":
    frontier(Path(words[words.index("--out") + 1]))
else:
    main(words)
