"""Fetch a file over HTTP: politely, with patience, from where it stopped, and never more than asked.

An attempt that another one may mend (a busy service, a cut, a damaged body)
is made again after a wait that doubles, with jitter, and is at least the
``Retry-After`` of the service; the bytes received so far are kept and only
the rest is asked, as long as the service can tell that they are of the same
version (RFC 9110, sections 13.1.5 and 14).
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from territo.errors import Fault, SourceUnavailableError, fault
from territo.progress import Event, Progress
from territo.sources import bodies
from territo.sources.partial import forget, kept, remember
from territo.sources.request import Manners, Request

if TYPE_CHECKING:
    from requests import Response, Session

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
ABSENT = frozenset({404, 410})
WHOLE, PARTIAL, UNSATISFIABLE = 200, 206, 416
MOST_REDIRECTS = 5
CONNECT_S = 15.0
LEAST_BYTES_S = 1_000
BLOCK = 1 << 16
SECONDS_BETWEEN_EVENTS = 0.2
SECONDS_BETWEEN_LOOKS = 0.5


class PassingError(Exception):
    """An attempt failed in a way that another one may mend."""

    def __init__(self, found: Fault, wait_s: float = 0.0) -> None:
        """Keep the fault, and the seconds that the service asks to wait."""
        super().__init__(str(found))
        self.fault, self.wait_s = found, wait_s


@dataclass(slots=True)
class Transfer:
    """Fetches files; one for a whole build, so that its rate limit holds.

    Proxies and certificates come from the environment (``HTTPS_PROXY``,
    ``NO_PROXY``, ``REQUESTS_CA_BUNDLE``).
    """

    manners: Manners
    sleep: Callable[[float], None] = time.sleep
    _session: Session | None = field(default=None, init=False)
    _last: dict[str, float] = field(default_factory=dict, init=False)

    def fetch(self, request: Request, part: Path, progress: Progress) -> None:
        """Fetch a file and check it.

        Parameters
        ----------
        request
            What to fetch.
        part
            Where to write; what stands there from an earlier attempt is
            completed if it can be. ``<part>.json`` keeps the version.
        progress
            Told of bytes; may stop the work.

        Raises
        ------
        SourceUnavailableError
            The service does not answer, or not with what was asked.
        KeyboardInterrupt
            The progress asked to stop; what was received is kept.
        """
        for attempt in range(1, self.manners.attempts + 1):
            passing = self._try(request, part, progress)
            if passing is None:
                return
            if attempt == self.manners.attempts:
                raise SourceUnavailableError(passing.fault) from passing
            self._pause(max(passing.wait_s, self._wait(attempt)), progress)

    def _try(self, request: Request, part: Path, progress: Progress) -> PassingError | None:
        try:
            self._attempt(request, part, progress)
        except PassingError as error:
            return error
        return None

    def _wait(self, attempt: int) -> float:
        """Seconds before the next attempt: doubled each time, with jitter so that clients do not come back together."""
        first, longest = self.manners.first_wait_s, self.manners.longest_wait_s
        jitter = random.uniform(0, first)  # noqa: S311  # it spreads requests, it hides nothing
        return min(longest, first * 2.0 ** (attempt - 1) + jitter)

    def _pause(self, seconds: float, progress: Progress) -> None:
        """Wait, and look at times whether to stop."""
        while seconds > 0:
            _heed(progress)
            self.sleep(min(seconds, SECONDS_BETWEEN_LOOKS))
            seconds -= SECONDS_BETWEEN_LOOKS

    def _attempt(self, request: Request, part: Path, progress: Progress) -> None:
        start, validator = kept(request, part)
        headers = {"User-Agent": f"territo/{version('territo')}", "Accept-Encoding": "identity"}
        if start:
            headers |= {"Range": f"bytes={start}-"} | ({"If-Range": validator} if validator else {})
        if request.body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        since = time.monotonic() - self._last.get(request.host, -math.inf)
        self._pause(self.manners.interval_s - since, progress)
        self._last[request.host] = time.monotonic()
        with self._answer(request, headers) as response:
            self._check_status(request, response, part)
            self._receive(request, response, part, start, progress)
        found = bodies.body_fault(part, request.kind, request.host, request.columns, request.sha256)
        if found:
            forget(part)
            raise PassingError(found)

    @contextmanager
    def _answer(self, request: Request, headers: dict[str, str]) -> Iterator[Response]:
        """Ask, and turn what goes wrong on the way into faults."""
        import requests
        from requests import exceptions

        if self._session is None:
            self._session = requests.Session()
            self._session.max_redirects = MOST_REDIRECTS
        method = "POST" if request.body else "GET"
        try:
            with self._session.request(
                method,
                request.address,
                data=request.body or None,
                headers=headers,
                stream=True,
                timeout=(CONNECT_S, request.patience_s),
            ) as response:
                yield response
        except exceptions.TooManyRedirects as error:
            sentence = "the service sends from one address to another without end: tell its producer"
            raise SourceUnavailableError(fault("source-redirects", sentence, where=request.host)) from error
        except (exceptions.SSLError, exceptions.InvalidSchema, exceptions.InvalidURL) as error:
            raise SourceUnavailableError(_unreachable(request, error)) from error
        except exceptions.RequestException as error:
            raise PassingError(_unreachable(request, error)) from error

    def _check_status(self, request: Request, response: Response, part: Path) -> None:
        if urlsplit(request.address).scheme == "https" and urlsplit(response.url).scheme != "https":
            sentence = "the service sends to an address without encryption: tell its producer"
            raise SourceUnavailableError(fault("source-unencrypted", sentence, where=request.host))
        if response.status_code == UNSATISFIABLE:
            forget(part)
            raise PassingError(_cut(request))
        if response.status_code in (WHOLE, PARTIAL):
            if response.headers.get("Content-Type", "").startswith("text/html"):
                raise PassingError(bodies.page_fault(request.host))  # before it takes the place of what is kept
            return
        if response.status_code in ABSENT:
            sentence = "the service has nothing at {address}: check the address"
            raise SourceUnavailableError(fault("source-absent", sentence, where=request.host, address=request.address))
        sentence = "the service answered {status}: try later, or build with --offline from what the cache holds"
        found = fault("source-status", sentence, where=request.host, status=response.status_code)
        if response.status_code not in PASSING:
            raise SourceUnavailableError(found)
        wait_s = retry_after(response.headers.get("Retry-After", ""))
        if wait_s > self.manners.longest_wait_s:
            sentence = "the service asks to wait for {minutes} minutes: build again later"
            minutes = round(wait_s / 60)
            raise SourceUnavailableError(fault("source-busy", sentence, where=request.host, minutes=minutes))
        raise PassingError(found, wait_s)

    def _receive(self, request: Request, response: Response, part: Path, start: int, progress: Progress) -> None:
        """Write the body after what is kept, and check its length."""
        if response.status_code != PARTIAL:
            start = 0
        elif not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            forget(part)
            raise PassingError(_cut(request))
        expected = _expected(response, start)
        if not start:
            part.unlink(missing_ok=True)  # first: old bytes never stand beside the version of new ones
        remember(part, response)
        _refuse_longer(request, expected or 0, part)
        began, told, done = time.monotonic(), 0.0, start
        with part.open("ab" if start else "wb") as stream:
            for block in _blocks(request, response):
                _heed(progress)
                stream.write(block)
                stream.flush()  # a kill loses nothing that came
                done += len(block)
                _refuse_longer(request, done, part)
                now = time.monotonic()
                if now - began > request.patience_s and done - start < LEAST_BYTES_S * (now - began):
                    raise PassingError(_slow(request))
                if now - told > SECONDS_BETWEEN_EVENTS:
                    told = now
                    progress.report(Event(f"download_{request.layer}", now - began, done=done, total=expected))
        if expected is not None and done != expected:
            raise PassingError(_cut(request))
        progress.report(Event(f"download_{request.layer}", time.monotonic() - began, done=done, total=done))


def _blocks(request: Request, response: Response) -> Iterator[bytes]:
    """Give the bytes as they come: what came before a cut is not lost."""
    from urllib3.exceptions import HTTPError

    try:
        while block := response.raw.read1(BLOCK, decode_content=True):
            yield block
    except (HTTPError, OSError) as error:
        raise PassingError(_cut(request)) from error


def retry_after(value: str) -> float:
    """Read a ``Retry-After``: seconds or a date (RFC 9110, section 10.2.3); 0 where there is none."""
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _expected(response: Response, start: int) -> int | None:
    """Bytes of the whole file, if the service says."""
    length = response.headers.get("Content-Length", "")
    encoded = response.headers.get("Content-Encoding", "identity") != "identity"
    return start + int(length) if length.isdigit() and not encoded else None


def _refuse_longer(request: Request, size: int, part: Path) -> None:
    if size > request.most_bytes:
        forget(part)
        sentence = "the answer is longer than {most} MB: check the address, or raise most_mb in the table of services"
        most = round(request.most_bytes / 1_000_000)
        raise SourceUnavailableError(fault("source-too-large", sentence, where=request.host, most=most))


def _heed(progress: Progress) -> None:
    if progress.cancelled():
        raise KeyboardInterrupt


def _cut(request: Request) -> Fault:
    sentence = "the answer stopped before its end, each time: check the network, then build again, it will resume"
    return fault("source-cut", sentence, where=request.host)


def _slow(request: Request) -> Fault:
    sentence = "the answer comes too slowly: try later, or build with --offline from what the cache holds"
    return fault("source-too-slow", sentence, where=request.host)


def _unreachable(request: Request, error: Exception) -> Fault:
    sentence = "the service cannot be reached ({reason}): check the network and the proxy, or build with --offline"
    return fault("source-unreachable", sentence, where=request.host, reason=type(error).__name__)
