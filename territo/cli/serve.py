"""The command ``app``: the web application, served from this machine."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from territo.cli.options import LANG, said
from territo.i18n import t

SERVER = "territo.ui.server:application"
LIMIT_S = 10

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=said("opt.port"))]
Address = Annotated[str, typer.Option("--address", metavar="IP", help=said("opt.address"))]
AppOnline = Annotated[bool, typer.Option("--online", help=said("opt.app_online"))]
BaseMap = Annotated[bool, typer.Option("--base-map", help=said("opt.base_map"))]


def serve(
    port: Port = 8501, address: Address = "127.0.0.1", online: AppOnline = False, base_map: BaseMap = False
) -> None:
    """Serve the application until it is interrupted."""
    import uvicorn

    # the settings of territo.ui.access, for this process and the jobs that it starts
    os.environ |= {name: "1" for name, asked in (("TERRITO_ONLINE", online), ("TERRITO_BASE_MAP", base_map)) if asked}
    sys.stdout.write(t("cli.serving", LANG, address=address, port=port) + "\n")
    sys.stdout.flush()
    # behind a proxy of the same machine or network: the scheme and the address of the visitor are its word
    uvicorn.run(
        SERVER,
        factory=True,
        host=address,
        port=port,
        log_level="warning",
        access_log=False,  # addresses of visitors and signs of their login are not ours to keep
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=LIMIT_S,
    )
