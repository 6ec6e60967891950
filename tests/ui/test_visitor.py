"""Each person has a sign of their own, and a browser keeps its own by a cookie that nothing else can read."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from territo.ui.visitor import COOKIE, TOKEN, Visitors, sign

HOSTILE = [
    "../../etc/passwd",
    "a/b\\c",
    "x" * 4000,
    "\u202egnp.exe",
    "\ud800",
    "",
    "<b>",
    "a\x00b",
    "\r\nset-cookie: a=b",
]


def answer(headers, scheme="http", method="GET"):
    async def page(_request):
        return PlainTextResponse("page")

    app = Starlette(routes=[Route("/", page, methods=["GET", "POST"])], middleware=[Middleware(Visitors)])
    sent = []

    async def ask():
        scope = {"type": "http", "method": method, "path": "/", "raw_path": b"/", "query_string": b"", "scheme": scheme}
        encoded = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        scope |= {"headers": encoded, "server": ("127.0.0.1", 80), "http_version": "1.1", "root_path": ""}

        async def receive():
            return {"type": "http.request", "body": b""}

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)

    with ThreadPoolExecutor() as apart:  # a browser of another test may hold the loop of this thread
        apart.submit(asyncio.run, ask()).result()
    return [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]


PAGE = {"accept": "text/html,*/*"}


def test_a_new_browser_gets_a_cookie_of_its_own_out_of_the_reach_of_scripts():
    (first,), (second,) = answer(PAGE), answer(PAGE)
    parts = {part.strip().lower() for part in first.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=31536000"} == parts
    tokens = {each.split(";")[0].removeprefix(f"{COOKIE}=") for each in (first, second)}
    assert len(tokens) == 2
    assert all(TOKEN.fullmatch(token) for token in tokens)


def test_over_https_the_cookie_never_travels_in_the_clear():
    (cookie,) = answer(PAGE, scheme="https")
    assert "secure" in cookie.lower()


def test_a_browser_that_is_known_keeps_its_cookie():
    (cookie,) = answer(PAGE)
    assert answer({**PAGE, "cookie": cookie.split(";")[0]}) == []


@pytest.mark.parametrize("value", ["x", "x" * 4000, "../../x" + "a" * 36, "é" * 43])
def test_a_cookie_that_this_server_did_not_make_is_replaced(value):
    (cookie,) = answer({**PAGE, "cookie": f"{COOKIE}={value}"})
    assert TOKEN.fullmatch(cookie.split(";")[0].removeprefix(f"{COOKIE}="))


def test_only_the_answer_to_a_page_brings_a_cookie():
    assert answer({"accept": "application/json"}) == []
    assert answer(PAGE, method="POST") == []


@pytest.mark.parametrize("name", HOSTILE)
def test_the_sign_of_a_person_is_64_digits_whatever_their_name_is(name):
    found = sign("account", "https://id.example", name)
    assert len(found) == 64
    assert set(found) <= set("0123456789abcdef")


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_two_people_have_one_sign_only_if_all_their_words_are_the_same(one, other):
    assert (sign(*one) == sign(*other)) == (one == other)
