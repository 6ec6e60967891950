"""Who may use the application, and what they may do: open to all, behind a login, or one published study to read.

Read from the environment, so that a server is configured without a file in
the project:

- ``TERRITO_PUBLISHED``: folder of a comparison, shown to everyone as the
  public profile allows; nothing can be prepared or changed.
- ``TERRITO_OIDC_METADATA_URL``, ``_CLIENT_ID``, ``_CLIENT_SECRET``,
  ``_REDIRECT_URI`` and ``_COOKIE_SECRET``: login with OpenID Connect.
- ``TERRITO_ADMITTED``: e-mail addresses, or ``@domain``, comma separated;
  without it, every account of the provider is admitted.
- ``TERRITO_ONLINE``: ``1`` lets visitors build a territory from the official
  services; without it, this server asks nobody anything.
- ``TERRITO_BASE_MAP``: ``1`` lets visitors put the plan of IGN under the maps;
  their browsers then ask ``data.geopf.fr``, and nobody else, once they choose it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from territo.errors import fault, raise_faults

ONLINE, BASE_MAP, ON = "TERRITO_ONLINE", "TERRITO_BASE_MAP", "1"
# the machine that gives the plan of IGN
PLAN_HOST = "https://data.geopf.fr"
OIDC = "TERRITO_OIDC_"
OIDC_KEYS = ("METADATA_URL", "CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI", "COOKIE_SECRET")
# what Streamlit calls the address of the provider
NAMES = {"METADATA_URL": "server_metadata_url"}


@dataclass(frozen=True, slots=True)
class Access:
    """How this server is open.

    Parameters
    ----------
    published
        Folder of the comparison to show, read only; None without one.
    admitted
        Addresses and ``@domains`` let in; empty: every account.
    provider
        What Streamlit needs to log people in; empty without login.
    online
        Whether the official services may be asked.
    base_map
        Whether the plan of IGN may be put under the maps.
    """

    published: Path | None
    admitted: tuple[str, ...]
    provider: Mapping[str, str]
    online: bool = False
    base_map: bool = False

    def admits(self, email: str) -> bool:
        """Whether an address is let in, whatever the case of its letters."""
        address = email.strip().lower()
        domain = "@" + address.rpartition("@")[2]
        return bool(address) and (not self.admitted or address in self.admitted or domain in self.admitted)


def access(environment: Mapping[str, str] | None = None) -> Access:
    """Read how this server is open.

    Raises
    ------
    InputError
        Some of the five settings of the login are given, and not all.
    """
    found = os.environ if environment is None else environment
    given = {key: found.get(OIDC + key, "") for key in OIDC_KEYS}
    missing = [OIDC + key for key, value in given.items() if not value]
    if len(missing) < len(OIDC_KEYS):
        sentence = "the login needs {names} too: set all five, or none"
        raise_faults([fault("login-incomplete", sentence, names=", ".join(missing))] if missing else [])
    provider = {NAMES.get(key, key.lower()): value for key, value in given.items() if value}
    admitted = (address.strip().lower() for address in found.get("TERRITO_ADMITTED", "").split(","))
    folder = found.get("TERRITO_PUBLISHED", "")
    online, base_map = (found.get(name, "") == ON for name in (ONLINE, BASE_MAP))
    return Access(Path(folder) if folder else None, tuple(filter(None, admitted)), provider, online, base_map)


def profiles() -> list[str]:
    """List the profiles of exports that the visitor may choose; the first is chosen at first."""
    from territo.report.profiles import PROFILES

    return ["public"] if access().published is not None else list(PROFILES)


def first_page() -> str:
    """Name the page that a visitor sees first."""
    return "compare" if access().published is not None else "home"
