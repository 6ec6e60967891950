"""Stands for the command line in the tests of jobs: says events, waits, writes a result, ends with a code.

What it does is asked by the name of the scenario file: `slow`, `impossible`, `defect` or anything else.
"""

import json
import signal
import sys
import time
from pathlib import Path


def main(words):
    command, scenario = words[0], Path(words[1]).read_text()
    if command == "explain":
        if "mute" in scenario:
            return 2
        sys.stdout.write(json.dumps({"feasible": False, "repairs": []}))
        return 0
    sys.stderr.write(json.dumps({"stage": "optimise.siting", "seconds": 0.5, "incumbent": 10.0, "bound": 9.0}) + "\n")
    if "impossible" in scenario:
        sys.stderr.write("les promesses ne peuvent pas être toutes tenues" + "\n")
        return 3
    if "defect" in scenario:
        return 1
    stopped = []
    signal.signal(signal.SIGINT, lambda *_: stopped.append(1))
    end = time.monotonic() + (30 if "slow" in scenario else 0)
    while time.monotonic() < end and not stopped:
        time.sleep(0.02)
    out = Path(words[words.index("--out") + 1])
    out.mkdir(parents=True)
    (out / "answer.txt").write_text("found")
    return 130 if stopped else 0


sys.exit(main(sys.argv[1:]))
