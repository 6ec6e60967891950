"""The command ``app``: the web application, served from this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from territo.cli.options import LANG, said
from territo.i18n import t

SERVER = "territo.ui.server:application"
LIMIT_S = 10

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=said("opt.port"))]
Address = Annotated[str, typer.Option("--address", metavar="IP", help=said("opt.address"))]


def serve(port: Port = 8501, address: Address = "127.0.0.1") -> None:
    """Serve the application until it is interrupted."""
    import uvicorn

    sys.stdout.write(t("cli.serving", LANG, address=address, port=port) + "\n")
    sys.stdout.flush()
    # behind a proxy of the same machine or network: the scheme and the address of the visitor are its word
    uvicorn.run(
        SERVER,
        factory=True,
        host=address,
        port=port,
        log_level="warning",
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=LIMIT_S,
    )
