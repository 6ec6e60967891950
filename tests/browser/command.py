"""The command line, but for what is played: a repair, a frontier of what was solved, and a solve that lasts.

A scenario that says `# lentement` finds an answer at once and looks for a better one until it is asked to stop.
"""

import json
import os
import shutil
import signal
import sys
import time
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


def slowly(out: Path) -> None:
    stopped = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(1))
    event = {"stage": "optimise.siting", "seconds": 1.0, "incumbent": 10.0, "bound": 9.0}
    sys.stderr.write(json.dumps(event) + "\n")
    end = time.monotonic() + 120
    while not stopped and time.monotonic() < end:
        time.sleep(0.05)
    shutil.copytree(os.environ["TERRITO_SOLVED"], out / "runs")
    sys.exit(130)


words = sys.argv[1:]
if words[0] == "explain":
    sys.stdout.write(json.dumps(REPAIR))
    sys.exit(3)
elif words[0] == "pareto":
    frontier(Path(words[words.index("--out") + 1]))
elif "# lentement" in Path(words[1]).read_text(encoding="utf-8"):
    slowly(Path(words[words.index("--out") + 1]))
else:
    main(words)
