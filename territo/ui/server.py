"""The web server: the application behind its headers, and a route that says whether it works.

Start it with ``territo app``, or with any ASGI server::

    uvicorn --factory territo.ui.server:application
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncGenerator, Mapping, MutableMapping
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import App
from streamlit.runtime.secrets import SecretsValue

from territo.i18n import LANGUAGES, sentences
from territo.studies.workspace import PACKAGE, default_workspace
from territo.ui.access import PLAN_HOST, Access, access, first_page
from territo.ui.visitor import Visitors

HEALTH = "/sante"
# Inline scripts and styles are those of the offline pages shown in frames, which hold all they need.
# Nothing is loaded from elsewhere, and no text is evaluated as code: the charts of Vega would ask for that.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'self' data: blob:; frame-ancestors 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
FOREIGN, OURS = b'<html lang="en">', b'<html lang="fr">'


def application() -> App:
    """Make the application, as an ASGI server runs it.

    Raises
    ------
    InputError
        The login is half configured.
    """
    settings = access()
    provider: SecretsValue = dict(settings.provider)
    known_otherwise = bool(provider) or settings.published is not None  # by an account, or not at all
    return App(
        script(),
        lifespan=_readying,
        secrets={"auth": provider} if provider else None,
        routes=[Route(HEALTH, health)],
        middleware=[
            Middleware(Headers, headers=headers(access())),
            Middleware(FrenchPage),
            *([] if known_otherwise else [Middleware(Visitors)]),
        ],
    )


def headers(settings: Access) -> Mapping[str, str]:
    """Return the headers of safety; pictures of IGN may be shown where the settings allow them, and no others."""
    if not settings.base_map:
        return HEADERS
    return HEADERS | {"content-security-policy": POLICY.replace("img-src 'self'", f"img-src 'self' {PLAN_HOST}")}


@asynccontextmanager
async def _readying(_app: App) -> AsyncGenerator[None, None]:
    """Read what the first page needs beside its first visitor, whose browser has its own files to read."""
    Thread(target=_read_ahead, daemon=True).start()
    yield


def _read_ahead() -> None:
    import_module(f"territo.ui.pages.{first_page()}")
    for language in LANGUAGES:
        sentences(language)


def script() -> Path:
    """Find the entry of the application: in the installed package, or at the top of the project."""
    packaged = PACKAGE / "_app.py"
    return packaged if packaged.is_file() else PACKAGE.parent / "app.py"


async def health(_request: Request) -> JSONResponse:
    """Say whether the server can work: its data can be read and its cache written."""
    checks = {"data": _readable(default_workspace().catalogue), "cache": _writable(default_workspace().cache)}
    works = all(checks.values())
    said = {"state": "ok" if works else "degraded", "version": version("territo"), **checks}
    return JSONResponse(said, status_code=200 if works else 503, headers={"cache-control": "no-store"})


class Headers:
    """Adds the headers of safety to every answer."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        """Stand before an application."""
        self.app, self.headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _set(message, self.headers)
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class FrenchPage:
    """Says that the page is French, where Streamlit says English: screen readers choose their voice by it."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; only pages are read, and only they are asked for without compression."""
        if scope["type"] != "http" or not _asks_for_page(scope):
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
        start: Message = {}
        body = b""

        async def gather(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
                return
            if not start:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            content = body.replace(FOREIGN, OURS, 1)
            _set(start, {"content-length": str(len(content))})
            await send(start)
            await send({"type": "http.response.body", "body": content})

        await self.app({**scope, "headers": headers}, receive, gather)


def _asks_for_page(scope: Scope) -> bool:
    accepted = b",".join(value for name, value in scope["headers"] if name.lower() == b"accept")
    return scope["method"] == "GET" and b"text/html" in accepted


def _set(message: MutableMapping[str, Any], headers: Mapping[str, str]) -> None:
    kept = [(name, value) for name, value in message["headers"] if name.decode("latin-1").lower() not in headers]
    message["headers"] = [*kept, *((name.encode(), value.encode()) for name, value in headers.items())]


def _is_page(message: Message) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])


def _readable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.R_OK)


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
