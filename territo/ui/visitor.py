"""Who is behind a page: an account where there is a login, else a browser that is known by its cookie.

The sign of a person is a digest, whatever their name or their cookie hold: it
can stand in the name of a folder and in a file, and gives no access to who
reads it there.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "territo_visitor"
BYTES, LASTS_S = 32, 365 * 24 * 3600
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
ALONE = "territo.visitor"


def owner() -> str:
    """Return the sign by which jobs, drafts and studies are this person's: 64 hexadecimal digits."""
    account: dict[str, Any] = dict(st.user) if st.user.get("is_logged_in") else {}
    if account:
        # the subject is what a provider never gives to another person; an address may change hands
        return sign("account", str(account.get("iss", "")), str(account.get("sub") or account.get("email", "")))
    return sign("browser", _token())


def sign(*words: str) -> str:
    """Return the digest of words, such that no others have the same."""
    text = "".join(f"{len(word)}:{word}" for word in words)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _token() -> str:
    """Return what the cookie of this browser holds; without one, something that lives as long as the tab."""
    found = st.context.cookies.get(COOKIE, "")
    if TOKEN.fullmatch(found):
        return found
    kept: str = st.session_state.setdefault(ALONE, secrets.token_urlsafe(BYTES))
    return kept


class Visitors:
    """Gives a cookie to a browser that has none: drawn at random, and out of the reach of scripts and other sites."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the answer to a page brings the cookie."""
        if scope["type"] != "http" or not _is_new(Request(scope)):
            await self.app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", _cookie(secure=scope["scheme"] == "https"))
            await send(message)

        await self.app(scope, receive, with_cookie)


def _is_new(request: Request) -> bool:
    """Whether a page is asked for by a browser that is not known yet."""
    is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    return is_page and not TOKEN.fullmatch(request.cookies.get(COOKIE, ""))


def _cookie(*, secure: bool) -> str:
    found = f"{COOKIE}={secrets.token_urlsafe(BYTES)}; Path=/; Max-Age={LASTS_S}; HttpOnly; SameSite=Lax"
    return f"{found}; Secure" if secure else found
