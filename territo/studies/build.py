"""Use cases: build a territory from its files, and read one back."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from territo.domain.travel import LoadedTerritory
from territo.progress import Event, Progress, Silent
from territo.sources import folder
from territo.sources.assembly import assemble
from territo.sources.spec import read_spec
from territo.sources.speeds import load_speeds
from territo.studies.travel import with_travel
from territo.studies.workspace import default_workspace

RAW = "sources"


def build_territory(
    spec_path: Path | str,
    out: Path | str | None,
    progress: Progress | None = None,
    *,
    speeds_path: Path | str | None = None,
) -> LoadedTerritory:
    """Build a territory from its raw files, and write its folder at the very end.

    Parameters
    ----------
    spec_path
        Territory spec (YAML).
    out
        Folder to write; None keeps the territory in memory.
    progress
        Told of the stages ``communes``, ``roads``, ``grid``, ``facilities``,
        ``adjacency`` and ``travel``, when each begins and, with its seconds,
        when it ends.
    speeds_path
        File of speeds; the one of the mode that comes with territo when None.

    Raises
    ------
    InputError
        With the faults of all the files; nothing is written.
    KeyboardInterrupt
        The progress asked to stop between two stages; nothing is written.
    """
    stages = _Stages(progress or Silent())
    if out is not None:
        folder.check_target(Path(out))
    spec = read_spec(spec_path)
    speeds = load_speeds(speeds_path or default_workspace().speeds_of(spec.travel.mode))
    assembled = assemble(spec, speeds, stages.begin)
    stages.begin("travel")
    loaded = with_travel(assembled, spec.travel, speeds)
    stages.end()
    if out is not None:
        folder.save_territory(out, loaded)
    return loaded


def load_territory(directory: Path | str) -> LoadedTerritory:
    """Read a territory folder that :func:`build_territory` wrote.

    Raises
    ------
    InputError
        There is no territory there, or it is damaged.
    """
    return folder.load_territory(directory)


def model_territory(
    out: Path | str,
    *,
    table: Path | str | None = None,
    communes: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> LoadedTerritory:
    """Model a territory and build it; its raw files stay in the folder, under ``sources``.

    Parameters
    ----------
    out
        Folder to write.
    table
        Table of the communes; they are drawn at random when None.
    communes
        How many communes to draw.
    seed
        The same table or number, and the same seed, give the same territory.
    progress
        Told of the stage ``model``, then of those of :func:`build_territory`.

    Raises
    ------
    InputError
        The table or the place cannot be used; nothing is written.
    """
    from territo.sources.modelled import draw_table, read_table, write_modelled_territory

    target = Path(out)
    folder.check_target(target)
    stages = _Stages(progress or Silent())
    stages.begin("model")
    drawn = read_table(Path(table)) if table is not None else draw_table(communes or 0, seed)
    name = Path(table).stem if table is not None else f"{len(drawn)} communes"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
        spec = write_modelled_territory(drawn, Path(temporary) / RAW, seed=seed, name=f"{name} (modélisé)")
        stages.end()
        loaded = build_territory(spec, target, progress)
        spec.parent.rename(target / RAW)
    return loaded


class _Stages:
    """Tells a progress when stages begin and end, and stops between two of them."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.stage, self.began = progress, "", 0.0

    def begin(self, stage: str) -> None:
        self.end()
        if self.progress.cancelled():
            raise KeyboardInterrupt
        self.stage, self.began = stage, time.perf_counter()
        self.progress.report(Event(stage))

    def end(self) -> None:
        if self.stage:
            self.progress.report(Event(self.stage, seconds=time.perf_counter() - self.began))
            self.stage = ""
