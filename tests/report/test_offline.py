"""A page that would ask for another file is refused; data never become code."""

import json

import pytest

from territo.report.offline import OutsideLinkError, json_for_html, refuse_outside_links


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://example.org/a.js"></script>',
        '<link rel="stylesheet" href="//example.org/a.css">',
        "<img src=picture.png>",
        '<a href="http://example.org">x</a>',
        "<style>@import 'a.css';</style>",
        "<style>p { background: url(images/a.png) }</style>",
        "<p style='background: url(https://example.org/a.png)'>x</p>",
        "<script>fetch('a.json')</script>",
        "<script>new XMLHttpRequest()</script>",
        "<script>box.innerHTML = '<a href=\"https://example.org\">'</script>",
        '<form action="https://example.org"></form>',
    ],
)
def test_each_kind_of_outside_link_is_refused(html):
    with pytest.raises(OutsideLinkError):
        refuse_outside_links(html)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="#maps">x</a>',
        '<img alt="" src="data:image/png;base64,AA==">',
        "<style>p { fill: url(#hatch3) }</style>",
        "<p>&lt;img src=https://example.org/a.png&gt; @import fetch(</p>",
        '<script type="application/json">{"name": "fetch("}</script>',
    ],
)
def test_links_inside_the_page_and_words_that_look_like_links_are_kept(html):
    assert refuse_outside_links(html) == html


def test_all_the_links_are_said_at_once():
    with pytest.raises(OutsideLinkError, match=r"one\.js.*two\.css"):
        refuse_outside_links('<script src="one.js"></script><link href="two.css">')


def test_a_name_cannot_close_the_script_that_holds_it():
    name = "</script><img src=x onerror=alert(1)> & <!--"
    written = json_for_html({"name": name})
    assert "<" not in written
    assert json.loads(written) == {"name": name}
