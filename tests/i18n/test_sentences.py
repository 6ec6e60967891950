"""The sentences that people read: complete in both languages, well typed, and true to the faults in the code."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest
import yaml

from territo.errors import fault
from territo.i18n import explain, sentences, t
from territo.scenario.validation import _EXPECTED, LIMITS
from territo.scenario.yaml_syntax import OTHER, SIGN, SYNTAX

PACKAGE = Path("territo")
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
INDICATORS = (
    *("ECO1", "ECO4", "COST", "PRX1.mean", "PRX1.median", "PRX2", "PRX3", "PRX4.poor", "PRX4.75_plus", "PRX5", "PRX6"),
    *("PRX6.km", "EQU1", "EQU2", "EQU2.penalty", "EQU3.gini", "EQU3.hoover", "EQU3.theil", "EQU4.min", "EQU4.gap"),
    *("EQU5", "OFF1", "OFF1.per_10000", "OFF2", "OFF3.per_site", "OFF3.bouquet", "ORG1", "CLI1.km", "CLI1.tco2e"),
    *("RES1.second", "RES1.loss", "GAG1.winners", "GAG1.losers", "GAG1.neutral"),
)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def said_in_code() -> Iterator[tuple[str, str, str]]:
    """Yield (place, code, English sentence) of every fault that the package makes."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = sorted((node.lineno, node.targets[0].id, node.value.value) for node in ast.walk(tree) if is_text(node))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", "")
            if name in {"fault", "unknown"} and len(call.args) > 1 and isinstance(call.args[0], ast.Constant):
                code, sentence = call.args[0].value, english(call.args[1], call.lineno, texts)
                if name == "fault" and sentence:
                    yield f"{path}:{call.lineno}", code, sentence
                elif name == "unknown":
                    yield f"{path}:{call.lineno}", code, sentence + ": known here are {known}"
                    yield f"{path}:{call.lineno}", f"{code}-near", sentence + ": did you mean {nearest}?"
    for code, sentence, *_ in [*_EXPECTED.values(), *LIMITS.values(), *SYNTAX.values(), SIGN, OTHER]:
        yield "territo/scenario/validation.py", code, sentence


def said_by_methods() -> Iterator[tuple[str, str, str]]:
    """Yield (place, code, English sentence) of the faults that are not made by ``fault`` itself."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = sorted((node.lineno, node.targets[0].id, node.value.value) for node in ast.walk(tree) if is_text(node))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if getattr(call.func, "id", getattr(call.func, "attr", "")) not in {
                "_add",
                "_fault",
                "_wrong",
                "require",
                "Fault",
            }:
                continue
            for argument, following in pairwise(call.args):
                code, sentence = getattr(argument, "value", None), english(following, call.lineno, texts)
                if isinstance(code, str) and CODE.fullmatch(code) and sentence:
                    yield f"{path}:{call.lineno}", code, sentence


def is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def english(argument: ast.expr, line: int, texts: list[tuple[int, str, str]]) -> str:
    """Return a sentence written in the call, or in the last assignment above it."""
    if isinstance(argument, ast.Constant):
        return str(argument.value)
    name = getattr(argument, "id", "")
    return next((text for at, target, text in reversed(texts) if target == name and at <= line), "")


def made_in(code: str, source: str) -> bool:
    """Whether the code of a fault stands in the source, whole or as ``f"head-{...}"``."""
    return f'"{code}"' in source or f'f"{code.partition("-")[0]}-{{' in source


def test_a_sentence_is_found_by_its_key_and_filled_in() -> None:
    assert t("indicator.PRX6.km.label") == "Distance parcourue par les usagers"
    assert t("indicator.PRX6.label", lang="en") == "Travel of the users"
    assert t("error.at-least", limit=3, got=1) == "il faut au moins 3\u202f: lu 1"


@pytest.mark.parametrize(
    ("key", "lang", "params"), [("no.such.key", "fr", {}), ("error.at-least", "fr", {"got": 1}), ("a", "de", {})]
)
def test_a_missing_key_parameter_or_language_is_a_defect(key: str, lang: str, params: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        t(key, lang, **params)


def test_a_fault_is_explained_in_either_language() -> None:
    found = fault("missing-key", "the key {name} is required: add it", where="a.yaml:3", key="sites.id", name="id")
    assert explain(found) == "a.yaml:3: sites.id: la clé id est obligatoire\u202f: ajoutez-la"
    assert explain(found, "en") == "a.yaml:3: sites.id: the key id is required: add it"


def test_english_has_the_keys_and_the_placeholders_of_french() -> None:
    french = {key: text for key, text in sentences("fr").items() if not key.startswith("error.")}
    english_sentences = sentences("en")
    assert sorted(french) == sorted(english_sentences)
    differing = [key for key in french if placeholders(french[key]) != placeholders(english_sentences[key])]
    assert differing == []


def test_every_fault_of_the_code_has_a_french_sentence_with_the_same_placeholders() -> None:
    french = sentences("fr")
    wrong = [
        f"{place} {code}"
        for place, code, sentence in said_in_code()
        if placeholders(french.get(f"error.{code}", "{absent}")) - {"file"} != placeholders(sentence) - {"file"}
    ]
    assert wrong == []


def test_every_fault_made_by_a_method_has_a_french_sentence_without_other_placeholders() -> None:
    french = sentences("fr")
    wrong = [
        f"{place} {code}"
        for place, code, sentence in said_by_methods()
        if not placeholders(french.get(f"error.{code}", "{absent}")) <= placeholders(sentence)
    ]
    assert wrong == []


def test_the_reading_of_the_code_finds_the_faults() -> None:
    codes = {code for _, code, _ in said_in_code()}
    assert {"not-a-number", "missing-value", "locate-gap", "locate-p"} <= {code for _, code, _ in said_by_methods()}
    assert {"yaml-alias", "duplicate-id", "unknown-service-near", "at-least", "negative-population"} <= codes


def test_every_french_sentence_on_faults_is_the_sentence_of_a_fault() -> None:
    said = {code for _, code, _ in said_in_code()}
    written = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    codes = [key.removeprefix("error.") for key in sentences("fr") if key.startswith("error.")]
    unused = [code for code in codes if code not in said and not made_in(code, written)]
    assert unused == []


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_has_a_label_a_unit_and_one_line_of_definition(indicator: str, lang: str) -> None:
    label, unit, definition = (t(f"indicator.{indicator}.{part}", lang) for part in ("label", "unit", "definition"))
    assert label
    assert unit
    assert definition.endswith(".")
    assert "\n" not in definition


FRENCH_TRAPS = {
    "a plain space before a double sign": r"[ \u00a0](?=[;:!?%€»])",
    "no narrow space before a double sign": r"[\w)}’](?=[;!?»%])|[\d)}’]€",
    "a plain space inside a guillemet": r"«[^\u202f]",
    "a straight apostrophe": r"[a-zA-Zàâéèêëîïôùûç]'[a-zA-Zàâéèêëîïôùûç]",
    "three dots": r"\.\.\.",
}


@pytest.mark.parametrize("trap", FRENCH_TRAPS)
def test_french_typography_holds(trap: str) -> None:
    wrong = {key: text for key, text in sentences("fr").items() if re.search(FRENCH_TRAPS[trap], text)}
    assert wrong == {}


@pytest.mark.parametrize(
    ("trap", "text"), list(zip(FRENCH_TRAPS, ["lu : 3", "quoi?", "« dit", "l'eau", "etc..."], strict=True))
)
def test_the_checks_of_typography_catch_their_trap(trap: str, text: str) -> None:
    assert re.search(FRENCH_TRAPS[trap], text)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_keys_are_words_and_appear_once(lang: str) -> None:
    node = yaml.compose((PACKAGE / "i18n" / f"{lang}.yaml").read_text(encoding="utf-8"))
    stack, twice = [node], []
    while stack:
        mapping = stack.pop()
        keys = [key.value for key, _ in mapping.value]
        twice += [key for key in keys if keys.count(key) > 1]
        assert all(key.tag == "tag:yaml.org,2002:str" or key.value.isdigit() for key, _ in mapping.value)
        stack += [value for _, value in mapping.value if isinstance(value, yaml.MappingNode)]
    assert twice == []


def test_the_sentences_on_faults_are_in_the_order_of_the_alphabet() -> None:
    codes = [key for key in sentences("fr") if key.startswith("error.")]
    assert codes == sorted(codes)
