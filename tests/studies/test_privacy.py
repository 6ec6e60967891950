"""A study is everybody's, but while its maker keeps it to themselves."""

import zipfile

import pytest

from territo.errors import InputError
from territo.studies.archive import unzip_study, zip_study
from territo.studies.privacy import MARK, is_maker, is_private, keep_private, made_by, visible_studies
from tests.studies.small import study

ANNE, BRUNO = "a" * 64, "b" * 64


@pytest.fixture
def vallee(tmp_path):
    return study(tmp_path)


def seen(vallee, owner):
    return [each.slug for each in visible_studies(vallee.folder.parent, owner)]


def test_a_study_without_a_maker_is_everybodys_and_nobody_can_hide_it(vallee):
    assert seen(vallee, ANNE) == seen(vallee, BRUNO) == ["vallee"]
    assert not is_maker(vallee, "")
    for owner in (ANNE, ""):
        with pytest.raises(InputError, match="only the person who made this study"):
            keep_private(vallee, owner, private=True)


def test_a_study_is_shared_until_its_maker_keeps_it_and_again_once_they_share_it(vallee):
    made_by(vallee, ANNE)
    assert seen(vallee, BRUNO) == ["vallee"]
    keep_private(vallee, ANNE, private=True)
    assert (seen(vallee, ANNE), seen(vallee, BRUNO), seen(vallee, "")) == (["vallee"], [], [])
    with pytest.raises(InputError, match="only the person who made this study"):
        keep_private(vallee, BRUNO, private=False)
    keep_private(vallee, ANNE, private=False)
    assert seen(vallee, BRUNO) == ["vallee"]


@pytest.mark.parametrize("content", ["{", '{"owner": "b"}', '{"private": "no", "owner": ""}', "[1]", '"x"'])
def test_a_mark_that_says_nothing_clear_hides_the_study_rather_than_showing_it(vallee, content):
    (vallee.folder / MARK).write_text(content)
    assert seen(vallee, ANNE) == []


def test_a_private_study_that_is_sent_arrives_as_everybodys(tmp_path, vallee):
    keep_private(made_by(vallee, ANNE), ANNE, private=True)
    archive = zip_study(vallee, tmp_path / "vallee.zip")
    with zipfile.ZipFile(archive, "a") as content:
        content.writestr(MARK, '{"owner": "x", "private": true}')
    moved = unzip_study(archive, tmp_path / "elsewhere" / "copie")
    assert not is_private(moved)
    assert seen(moved, BRUNO) == ["copie"]
