"""What is asked of a service, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["json", "csv", "zip", "osm"]


@dataclass(frozen=True, slots=True)
class Manners:
    """How services are asked.

    Parameters
    ----------
    attempts
        How often a request is made before the service is said unavailable.
    first_wait_s, longest_wait_s
        Seconds before the second attempt, and at most before any other.
    interval_s
        Seconds at least between two requests to one host.
    """

    attempts: int
    first_wait_s: float
    longest_wait_s: float
    interval_s: float


@dataclass(frozen=True, slots=True)
class Request:
    """A file to fetch.

    Parameters
    ----------
    layer
        What it is for; ``download_<layer>`` is the stage shown to people.
    address
        Where it is.
    kind
        What it must be.
    body
        Form to post; asked by GET when empty.
    columns
        Columns that a table must have.
    sha256
        Published digest, if there is one.
    most_bytes
        It is refused if it is longer.
    patience_s
        Seconds that the service may stay silent.
    fresh_days
        How long the answer is good; None for ever.
    """

    layer: str
    address: str
    kind: Kind
    body: str = ""
    columns: tuple[str, ...] = ()
    sha256: str = ""
    most_bytes: int = 1_000_000_000
    patience_s: float = 60.0
    fresh_days: float | None = None

    @property
    def host(self) -> str:
        """Name of the service's machine."""
        return urlsplit(self.address).hostname or self.address
