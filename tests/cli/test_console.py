"""What a terminal shows of a long work."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from territo.cli.console import Watch
from territo.progress import Event


def shown(events, lang="fr"):
    """Lines of the terminal after some events."""
    watch = Watch(lang, "bar")
    for event in events:
        watch.report(event)
    console = Console(file=io.StringIO(), width=120, force_terminal=False, color_system=None)
    console.print(watch._bar.get_renderable())
    return [line.strip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("lang", "name", "received"),
    [
        ("fr", "téléchargement des carreaux de l’INSEE", "12,5 sur 50,0 Mo"),
        ("en", "downloading the INSEE squares", "12.5 of 50.0 MB"),
    ],
)
def test_each_download_has_a_bar_and_its_megabytes(lang, name, received):
    events = [
        Event("download_grid", done=0, total=50_000_000),
        Event("download_grid", done=12_500_000, total=50_000_000),
    ]
    (line,) = [line for line in shown(events, lang) if name in line]
    assert received in line
    assert "━" in line


def test_a_download_of_unknown_length_says_what_came():
    (line,) = [line for line in shown([Event("download_roads", done=3_200_000)]) if "routes" in line]
    assert "3,2 sur ? Mo" in line


def test_layers_keep_their_own_bars_and_other_stages_have_none():
    events = [Event("download_epci", done=1, total=1), Event("download_grid", done=1, total=2), Event("travel")]
    lines = shown(events)
    assert len(lines) == 3
    assert "temps de trajet" in lines[0]
    assert "━" not in lines[0]
    assert all("━" in line for line in lines[1:])


def test_lines_for_programs_are_spared_but_the_last_of_each_download_is_told(capsys):
    watch = Watch("fr", "json")
    for done in range(1, 101):
        watch.report(Event("download_grid", done=done, total=100))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert 1 <= len(lines) < 20
    assert (lines[-1]["done"], lines[-1]["total"]) == (100, 100)
