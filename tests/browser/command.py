"""The command line, but for a solve that lasts, and for a frontier of few points.

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
if words[0] != "territory" and "# lentement" in Path(words[1]).read_text(encoding="utf-8"):
    slowly(Path(words[words.index("--out") + 1]))
else:
    main([*words, "--points", "5"] if words[0] == "pareto" else words)
