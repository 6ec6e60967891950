"""A mistake in the words of a command is one sentence in the language of the user: what, where, what to do."""

import subprocess
import sys

import pytest

from territo.cli import main

# words -> sentence (~ stands for the narrow no-break space), and the command whose help it names
FRENCH = {
    "comparer x.yaml": ("il n’y a pas de commande comparer~: vouliez-vous dire compare~?", "territo"),
    "study shwo x": ("il n’y a pas de commande shwo~: vouliez-vous dire show~?", "territo study"),
    "run": ("il manque SCENARIO.yaml (fichier du scénario)~: ajoutez-le", "territo run"),
    "run x.yaml": ("il manque --territory (dossier du territoire)~: ajoutez-le", "territo run"),
    "run a --teritory x": ("il n’y a pas d’option --teritory~: vouliez-vous dire --territory~?", "territo run"),
    "demo --progress jsno": ("--progress: jsno n’est pas un des choix~: vouliez-vous dire json~?", "territo demo"),
    "app --port 99999": ("--port: il faut au plus 65535~: lu 99999", "territo app"),
    "app --port http": ("--port: http n’est pas un nombre entier~: corrigez-le", "territo app"),
    "doctor a b": ("rien de plus n’est attendu ici~: retirez a b", "territo doctor"),
    "doctor --json=3": ("--json: cette option s’écrit seule, sans valeur", "territo doctor"),
    "run x --out": ("--out: une valeur est attendue ensuite~: ajoutez-la", "territo run"),
    "doctor --lang de": ("--lang: de n’est pas une langue de territo~: demandez fr, en", ""),
}
ENGLISH = {
    "comparer x.yaml": ("there is no command comparer: did you mean compare?", "territo"),
    "run": ("SCENARIO.yaml is missing (file of the scenario): add it", "territo run"),
    "demo --progress xml": ("--progress: xml is not one of the choices: known here are auto, json", "territo demo"),
}


def said(capsys, words):
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    written = capsys.readouterr()
    assert written.out == ""
    return written.err


@pytest.mark.parametrize("words", FRENCH)
def test_a_mistake_is_one_sentence_in_french(capsys, words, monkeypatch):
    monkeypatch.delenv("TERRITO_LANG", raising=False)
    sentence, command = FRENCH[words]
    help_of = f" (aide~: {command} --help)" if command else ""
    assert said(capsys, words.split()) == f"{sentence}{help_of}\n".replace("~", "\u202f")


@pytest.mark.parametrize("words", ENGLISH)
def test_the_same_mistakes_are_said_in_english(words):
    command = [sys.executable, "-m", "territo", *words.split(), "--lang", "en"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    sentence, of_command = ENGLISH[words]
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{sentence} (help: {of_command} --help)\n")


def test_a_group_without_a_command_shows_its_help_and_no_half_sentence(capsys):
    with pytest.raises(SystemExit) as end:
        main(["study"])
    written = capsys.readouterr()
    assert end.value.code == 2
    assert "territo study" in written.out
    assert written.err == ""
