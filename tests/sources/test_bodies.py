"""What a downloaded file must be."""

from __future__ import annotations

import pytest

from territo.sources.bodies import body_fault
from tests.sources.replay import communes_json, grid_zip, movements_csv, osm_xml, zipped


def said(tmp_path, content, kind, **rules):
    path = tmp_path / "body"
    path.write_bytes(content)
    found = body_fault(path, kind, "example.org", **rules)
    return "" if found is None else str(found)


@pytest.mark.parametrize(
    ("kind", "content"), [("json", communes_json()), ("zip", grid_zip()), ("osm", osm_xml()), ("csv", movements_csv())]
)
def test_what_the_services_answer_is_accepted(tmp_path, kind, content):
    assert said(tmp_path, content, kind) == ""


@pytest.mark.parametrize("kind", ["json", "zip", "osm", "csv"])
@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>",
        b" \r\n<HTML>",
        b"\xef\xbb\xbf<html>",
        b'<?xml version="1.0"?><!DOCTYPE html><html></html>',
    ],
)
def test_a_web_page_is_no_data(tmp_path, kind, content):
    assert said(tmp_path, content, kind).startswith("example.org: the service answered a web page")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("json", b""),
        ("json", b'{"nom": "Pau"'),
        ("json", b"\xff\xfe\x00"),
        ("csv", b""),
        ("zip", b"PK\x03\x04"),
        ("zip", zipped()),
        ("zip", grid_zip()[:-30]),
        ("osm", b""),
        ("osm", osm_xml()[:-3]),
        ("osm", b"<kml/>"),
        ("osm", b'<!DOCTYPE osm [<!ENTITY a "b">]><osm/>'),
    ],
)
def test_a_damaged_body_is_told(tmp_path, kind, content):
    assert "damaged or of another format" in said(tmp_path, content, kind)


def test_the_remark_of_an_overpass_that_gave_up_is_no_answer(tmp_path):
    content = osm_xml('runtime error: Query timed out in "query" at line 1 after 181 seconds.')
    assert "damaged or of another format (Overpass)" in said(tmp_path, content, "osm")


def test_the_columns_of_a_table_are_looked_for(tmp_path):
    assert said(tmp_path, movements_csv(), "csv", columns=("COM_AV", "COM_AP")) == ""
    assert "(COM_IN, COM_OUT)" in said(tmp_path, movements_csv(), "csv", columns=("COM_IN", "COM_AP", "COM_OUT"))


def test_the_published_digest_is_compared_first(tmp_path):
    assert "SHA-256" in said(tmp_path, b"<html>", "json", published="a" * 64)
