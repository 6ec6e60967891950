"""A study without a real territory, and a command that stands for territo in the tests of jobs."""

import sys
from pathlib import Path

from territo.studies.study import StudyFolder, create_study

COMMAND = (sys.executable, str(Path(__file__).with_name("stand_in.py")))
YAML = "id: {0}\nname: {1}\nservices: [france_services]\n"


def study(root: Path, name: str = "vallee") -> StudyFolder:
    territory = root / "raw"
    territory.mkdir(parents=True, exist_ok=True)
    (territory / "territory.json").write_text("{}")
    return create_study(root / "studies" / name, territory, name="Vallée d’essai", communes=3, inhabitants=1200)
