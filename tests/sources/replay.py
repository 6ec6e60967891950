"""The official services of a small territory, replayed on this machine in their formats, faults included."""

from __future__ import annotations

import io
import json
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import shapely
import yaml
from pyproj import Transformer
from shapely.geometry import mapping

from territo.studies.workspace import default_workspace
from tests.sources.small import CODES, NAMES, NODES, POPULATION, SOUTH, WEST, degrees, france_services_csv, outline

SIREN = "200067254"
_TO_DEGREES = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
_TO_SQUARES = Transformer.from_crs("EPSG:2154", "EPSG:3035", always_xy=True)
PATHS = {
    "epci": f"/epcis/{SIREN}",
    "communes": f"/epcis/{SIREN}/communes",
    "roads": "/api/interpreter",
    "grid": "/carreaux.zip",
    "equipment": "/BPE25.zip",
    "france_services": "/datasets/r/points",
    "movements": "/v_mvt_commune_2026.csv",
}


def epci_json() -> bytes:
    return json.dumps({"nom": "CC des Trois Communes", "code": SIREN, "population": sum(POPULATION)}).encode()


def communes_json(**changed: object) -> bytes:
    """What the service answers with the fields asked for, in its JSON form."""
    communes = []
    for index, (code, name, people) in enumerate(zip(CODES, NAMES, POPULATION, strict=True)):
        shape = shapely.transform(outline(index), _TO_DEGREES.transform, interleaved=False)
        hall = list(degrees(WEST + 1_000 + 2_000 * index, SOUTH + 1_000))
        communes.append(
            {
                "nom": name,
                "code": code,
                "population": people,
                "surface": 400.0,
                "centre": {"type": "Point", "coordinates": list(degrees(WEST + 2_000 * index + 200, SOUTH + 200))},
                "mairie": {"type": "Point", "coordinates": hall},
                "contour": mapping(shape),
            }
            | changed
        )
    return json.dumps(communes[::-1]).encode()


def osm_xml(remark: str = "", nodes=NODES) -> bytes:
    """A street with a dead end at each node, as Overpass writes it."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<osm version="0.6" generator="Overpass API 0.7.62.1">',
        "<note>The data included in this document is from www.openstreetmap.org.</note>",
        '<meta osm_base="2026-11-20T06:00:00Z"/>',
    ]
    places = [*nodes, *((x, y + 100) for x, y in nodes)]
    for number, (x, y) in enumerate(places, 1):
        lng, lat = degrees(x, y)
        lines.append(f'<node id="{number}" lat="{lat:.7f}" lon="{lng:.7f}"/>')
    ways = [("primary", range(1, len(nodes) + 1))]
    ways += [("residential", (number, number + len(nodes))) for number in range(1, len(nodes) + 1)]
    for number, (kind, references) in enumerate(ways if nodes else [], 1):
        tags = f'<tag k="highway" v="{kind}"/>'
        lines.append(
            f'<way id="{number}">{"".join(f"<nd ref={chr(34)}{n}{chr(34)}/>" for n in references)}{tags}</way>'
        )
    return "\n".join([*lines, f"<remark> {remark} </remark>" if remark else "", "</osm>"]).encode()


def square(x: float, y: float, side: int = 200, crs: int = 3035) -> str:
    east, north = _TO_SQUARES.transform(x, y)
    return f"CRS{crs}RES{side}mN{int(north // side) * side}E{int(east // side) * side}"


def squares() -> dict[str, float]:
    """Identifier -> inhabitants: one square near each town hall."""
    return {square(WEST + 1_000 + 2_000 * index, SOUTH + 1_000): 50.5 + index for index in range(3)}


def zipped(**members: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


def grid_zip(filler: int = 0) -> bytes:
    head = "idcar_200m,idcar_1km,i_est_200,lcog_geo,ind,men,men_pauv"
    rows = [f"{name},{name},0,{CODES[0]},{people},20,3" for name, people in squares().items()]
    far = [f"CRS3035RES200mN{3_000_000 + 200 * n}E3500000,x,1,75056,{n}.5,1,0" for n in range(20 + filler)]
    island = square(WEST + 1_000, SOUTH + 1_000, crs=5490)
    return zipped(
        carreaux_200m_met__csv="\n".join([head, *far, *rows]) + "\n",
        carreaux_200m_mart__csv=f"{head}\n{island},x,1,97209,9,1,0\n",
    )


def equipment_zip() -> bytes:
    head = "AN;NOMRS;DEP;DEPCOM;TYPEQU;LAMBERT_X;LAMBERT_Y"
    rows = [f"2025;Poste;64;{code};F307;;" for code in ("A1", "B1", "B1", "B9", "75056")]
    return zipped(
        BPE25__csv="\n".join([head, *rows]) + "\n", varmod__csv="COD_VAR;LIB_VAR\nDEPCOM;Commune\nTYPEQU;Type\n"
    )


def movements_csv() -> bytes:
    """B9 merged into B1 in June 2025; C1 gave a part of itself to C2 in September 2025."""
    head = '"MOD","DATE_EFF","TYPECOM_AV","COM_AV","TNCC_AV","NCC_AV","NCCENR_AV","LIBELLE_AV"'
    head += ',"TYPECOM_AP","COM_AP","TNCC_AP","NCC_AP","NCCENR_AP","LIBELLE_AP"'
    rows = [
        ("32", "2025-06-01", "COM", "B9", "COM", "B1"),
        ("32", "2025-06-01", "COM", "B1", "COM", "B1"),
        ("32", "2025-06-01", "COM", "B9", "COMD", "B9"),
        ("31", "1972-01-01", "COM", "A0", "COM", "A1"),
    ]
    lines = [
        f'"{kind}","{day}","{type_before}","{before}","0","X","X","X","{type_after}","{after}","0","X","X","X"'
        for kind, day, type_before, before, type_after, after in rows
    ]
    return "\n".join([head, *lines]).encode()


def answers() -> dict[str, bytes]:
    return {
        "epci": epci_json(),
        "communes": communes_json(),
        "roads": osm_xml(),
        "grid": grid_zip(),
        "equipment": equipment_zip(),
        "france_services": france_services_csv().encode(),
        "movements": movements_csv(),
    }


Trouble = Callable[[BaseHTTPRequestHandler, bytes], None]


@dataclass
class Replay:
    """A local server: what it answers, the troubles it still has to make, what it was asked."""

    base: str
    answers: dict[str, bytes] = field(default_factory=answers)
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    always: dict[str, Trouble] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    ranges: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    etags: bool = True

    def address(self, layer: str) -> str:
        return self.base + PATHS[layer]

    def services(self, folder: Path, *, attempts: int = 3, **changed: dict[str, object]) -> Path:
        """Write a table of services that leads here; ``grid={"sha256": ...}`` changes an entry."""
        table = yaml.safe_load(default_workspace().online.read_text(encoding="utf-8"))
        for layer, entry in table["services"].items():
            entry["address"] = self.address(layer).replace(SIREN, "{epci}")
            entry.update(changed.get(layer, {}))
        table["manners"] = {"attempts": attempts, "first_wait_s": 0.01, "longest_wait_s": 2.0, "interval_s": 0.0}
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "services.yaml"
        path.write_text(yaml.safe_dump(table, allow_unicode=True), encoding="utf-8")
        return path


def serve(handler: BaseHTTPRequestHandler, replay: Replay) -> None:
    path = handler.path.partition("?")[0]
    layer = next((name for name, known in PATHS.items() if known == path), "")
    replay.asked[layer or path] += 1
    if not layer:
        respond(handler, 404, b"Not Found", {"Content-Type": "text/plain"})
        return
    content = replay.answers[layer]
    pending = replay.troubles.get(layer, [])
    trouble = pending.pop(0) if pending else replay.always.get(layer)
    if trouble:
        trouble(handler, content)
        return
    headers = {"ETag": f'"{len(content)}"'} if replay.etags else {}
    asked = handler.headers.get("Range", "")
    if asked:
        replay.ranges.append(f"{layer} {asked}")
    start = int(asked.removeprefix("bytes=").partition("-")[0] or 0)
    if asked and handler.headers.get("If-Range") in (None, headers.get("ETag")) and start < len(content):
        headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        respond(handler, 206, content[start:], headers)
    else:
        respond(handler, 200, content, headers)


def respond(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
    handler.send_response(status)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def status(code: int, **headers: str) -> Trouble:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, _: respond(handler, code, b"no", named)


def body(change: Callable[[bytes], bytes]) -> Trouble:
    """Answer whole, but with another body."""
    return lambda handler, content: respond(handler, 200, change(content))


def page(handler: BaseHTTPRequestHandler, _content: bytes) -> None:
    """Answer like a portal or a maintenance page."""
    respond(handler, 200, b"\n<!DOCTYPE html><html><body>Maintenance</body></html>", {"Content-Type": "text/html"})


def cut(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    """Promise the whole, send half, hang up."""
    handler.send_response(200)
    handler.send_header("ETag", f'"{len(content)}"')
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def loop(handler: BaseHTTPRequestHandler, _content: bytes) -> None:
    respond(handler, 302, b"", {"Location": handler.path})


def drip(pause: threading.Event, seconds: float) -> Trouble:
    """Send a few bytes at a time."""

    def trouble(handler: BaseHTTPRequestHandler, content: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        try:
            for place in range(0, len(content), 8):
                handler.wfile.write(content[place : place + 8])
                handler.wfile.flush()
                if pause.wait(seconds):
                    return
        except OSError:
            return

    return trouble


class Server(ThreadingHTTPServer):
    """A server that takes it calmly when a client hangs up or is killed."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def replaying() -> Iterator[Replay]:
    """Serve on a free port of this machine until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            serve(self, replay)

        def do_POST(self) -> None:
            replay.forms.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            serve(self, replay)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    replay = Replay(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def lambert(content: str) -> np.ndarray:
    """Centres of the squares of a CSV, in metres of the territory."""
    back = Transformer.from_crs("EPSG:3035", "EPSG:2154", always_xy=True)
    names = [line.split(";")[0] for line in content.splitlines()[1:]]
    places = [(int(name.rpartition("E")[2]), int(name.rpartition("N")[2].partition("E")[0])) for name in names]
    return np.array([back.transform(east + 100, north + 100) for east, north in places])
