"""What works on this machine: versions, solver, data, browser."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.table import Table
from rich.text import Text

from territo.i18n import t

LIBRARIES = (
    *("territo", "highspy", "pulp", "geopandas", "rasterio", "folium", "streamlit", "django-leaflet"),
    *("typst", "openpyxl", "python-docx", "python-pptx"),  # the note, the tables, the briefs and the slides
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it works, whether territo needs it, and what was seen."""

    subject: str
    works: bool
    needed: bool
    seen: str

    def as_dict(self) -> dict[str, object]:
        """Return plain values."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at the machine; nothing is changed and no network is used."""
    findings = [Finding("python", sys.version_info >= OLDEST_PYTHON, needed=True, seen=platform.python_version())]
    findings += [_library(name) for name in LIBRARIES]
    findings += [_try("solver", _solve_something), _try("data", _embedded_territory)]
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    findings.append(Finding("browser", bool(browser), needed=False, seen=browser))
    return findings


def _library(name: str) -> Finding:
    try:
        return Finding(name, works=True, needed=True, seen=version(name))
    except PackageNotFoundError:
        return Finding(name, works=False, needed=True, seen="")


def _try(subject: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, works=True, needed=True, seen=attempt())
    except Exception as error:  # noqa: BLE001  # whatever goes wrong is what doctor is asked to report
        return Finding(subject, works=False, needed=True, seen=f"{type(error).__name__}: {error}")


def _solve_something() -> str:
    """Solve one decision, to see that the solver answers."""
    from territo.locate.highs import Options
    from territo.model.program import AT_LEAST, Program
    from territo.model.solver import solve
    from territo.progress import Silent

    program = Program()
    opened = program.choice("open")
    program.row("half", [(opened, 2.0)], AT_LEAST, 1.0)
    program.minimise({"cost": 1.0}, {"cost": [(opened, 1.0)]})
    outcome = solve(program, Options(), Silent())
    return f"HiGHS: {outcome.status}, {outcome.objective:g}"


def _embedded_territory() -> str:
    from territo.studies.workspace import default_workspace

    spec = default_workspace().embedded_spec
    spec.read_bytes()
    return spec.parent.name


def show_examination(findings: list[Finding], lang: str) -> None:
    """Print the findings as a table."""
    table = Table(title=t("cli.doctor.title", lang), title_justify="left")
    for key in ("subject", "works", "seen"):
        table.add_column(t(f"cli.doctor.{key}", lang))
    for finding in findings:
        verdict = "yes" if finding.works else "no" if finding.needed else "absent"
        table.add_row(finding.subject, t(f"cli.doctor.{verdict}", lang), Text(finding.seen))
    Console().print(table)
