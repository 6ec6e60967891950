"""The image, the composition and the proxy keep the rules of a server that faces people."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from deploy.dockerfile import faults, instructions, words

DOCKERFILE = Path("Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(Path("compose.yaml").read_text(encoding="utf-8"))
GOOD = """\
FROM python:3.11.1-slim AS build
RUN python -m pip install --no-cache-dir a==1.0
FROM python:3.11.1-slim AS run
USER 10001
HEALTHCHECK CMD ["true"]
CMD ["true"]
"""


def test_the_dockerfile_keeps_every_rule():
    assert list(faults(instructions(DOCKERFILE))) == []


def test_a_good_dockerfile_has_no_fault():
    assert list(faults(instructions(GOOD))) == []


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("FROM python:3.11.1-slim AS build", "FROM python AS build", "DL3006"),
        ("FROM python:3.11.1-slim AS build", "FROM python:latest AS build", "DL3007"),
        ("USER 10001", "USER root", "DL3002"),
        ("USER 10001\n", "", "DL3002"),
        ('HEALTHCHECK CMD ["true"]\n', "", "DL3057"),
        ('CMD ["true"]\n', "CMD true\n", "DL3025"),
        (" --no-cache-dir", "", "DL3042"),
        ("a==1.0", "a", "DL3013"),
        ("USER 10001", "ADD a b\nUSER 10001", "DL3020"),
        ("USER 10001", "RUN cd /tmp && ls\nUSER 10001", "DL3003"),
        ("USER 10001", "RUN ls | sort\nUSER 10001", "DL4006"),
        ("USER 10001", "WORKDIR here\nUSER 10001", "DL3000"),
        ("USER 10001", "COPY a b c\nUSER 10001", "DL3021"),
        ("USER 10001", "ENV API_KEY=abc\nUSER 10001", "a secret"),
    ],
)
def test_each_rule_catches_its_fault(before, after, rule):
    assert before in GOOD
    assert any(rule in found for found in faults(instructions(GOOD.replace(before, after))))


def test_a_single_stage_is_a_fault():
    single = GOOD[GOOD.index("FROM python:3.11.1-slim AS run") :]
    assert any("one stage only" in found for found in faults(instructions(single)))


def test_continued_lines_are_one_instruction_and_comments_none():
    (step,) = instructions("# a\nRUN one \\\n    # b\n    && two\n")
    assert (step.line, step.keyword, step.text) == (2, "RUN", "one && two")


def test_everything_that_is_copied_exists_and_reaches_the_builder():
    kept = {line.removeprefix("!") for line in Path(".dockerignore").read_text().splitlines() if line.startswith("!")}
    for step in instructions(DOCKERFILE):
        if step.keyword == "COPY" and "--from=" not in step.text:
            *sources, _ = words(step)
            for source in sources:
                assert Path(source).exists(), source
                assert source in kept, source


def _normal(name):
    """Return the one way to write the name of a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_of_the_image_holds_every_dependency_with_its_hash():
    lock = Path("requirements-serve.lock").read_text(encoding="utf-8")
    locked = {_normal(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["serve"]]
    assert {_normal(re.match(r"[\w.-]+", name).group()) for name in asked} <= locked
    assert lock.count("==") <= lock.count("--hash=sha256:")
    assert "://" not in lock


@pytest.mark.parametrize("name", ["territo", "proxy"])
def test_each_service_runs_with_the_least_it_needs(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r":[\w.-]+$", service["image"])


def test_only_the_proxy_is_reached_from_outside_and_the_application_reaches_nobody():
    services = COMPOSE["services"]
    assert "ports" not in services["territo"]
    assert services["territo"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert services["proxy"]["depends_on"]["territo"]["condition"] == "service_healthy"


def test_every_setting_of_the_application_can_be_given_and_is_explained():
    from territo.ui.access import OIDC, OIDC_KEYS

    settings = {OIDC + key for key in OIDC_KEYS} | {"TERRITO_PUBLISHED", "TERRITO_ADMITTED"}
    assert settings <= set(COMPOSE["services"]["territo"]["environment"])
    guide = Path("docs/deploy.md").read_text(encoding="utf-8")
    assert all(name in guide for name in settings)


def test_the_proxy_takes_a_little_more_than_the_application():
    proxy = Path("deploy/Caddyfile").read_text(encoding="utf-8")
    config = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))
    limit = int(re.search(r"max_size (\d+)MB", proxy).group(1))
    assert config["server"]["maxUploadSize"] < limit <= 1.5 * config["server"]["maxUploadSize"]
    assert config["browser"]["gatherUsageStats"] is False
