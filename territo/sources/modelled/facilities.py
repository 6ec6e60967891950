"""Modelled equipment counts and France services points: more of them where more people live."""

from __future__ import annotations

import csv
import io

import numpy as np

from territo.sources.modelled.table import CommuneTable

# BPE type -> (inhabitants from which a commune has one, inhabitants for each further one).
_EQUIPMENT: dict[str, tuple[int, int]] = {
    "A206": (1_500, 6_000),  # post office
    "A301": (500, 1_200),  # car repair
    "A401": (200, 700),  # mason
    "A404": (400, 800),  # electrician
    "A501": (500, 700),  # hairdresser
    "A504": (300, 500),  # restaurant
    "B203": (800, 1_800),  # bakery
    "C104": (400, 4_000),  # primary school
    "D201": (1_200, 1_100),  # doctor
    "D301": (2_000, 3_000),  # pharmacy
    "D502": (2_500, 9_000),  # crèche
    "F101": (7_000, 40_000),  # swimming pool
    "F305": (9_000, 60_000),  # music school
    "F307": (1_200, 15_000),  # library
}
_COMMUNES_PER_POINT = 8
_COLUMNS = ("id_fs", "lib_fs", "insee_com", "latitude", "longitude")
_DAYS = ("h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi")
_FULL_DAY, _MORNING = "09:00 - 12:00 / 13:30 - 17:00", "09:00 - 12:00"


def equipment_csv(table: CommuneTable, seed: int) -> str:
    """Equipment counts by commune and BPE type, in the format of the BPE (``DEPCOM;TYPEQU;NB_EQUIP``)."""
    rng = np.random.default_rng([seed, 6])
    lines = ["DEPCOM;TYPEQU;NB_EQUIP"]
    for code, people in zip(table.codes, table.population.tolist(), strict=True):
        for kind, (threshold, each) in _EQUIPMENT.items():
            count = int(people >= threshold * rng.uniform(0.7, 1.3)) + int(rng.poisson(people / each * 0.8))
            if count and people >= threshold / 2:
                lines.append(f"{code};{kind};{count}")
    return "\n".join(lines) + "\n"


def france_services_csv(table: CommuneTable) -> str:
    """One France services point for about eight communes, at the most populated ones, and a bus for the rest."""
    rank = np.argsort(-table.population, kind="stable")
    points = rank[: 1 + len(table) // _COMMUNES_PER_POINT]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *_DAYS, "format_fs"])
    for number, commune in enumerate(points, start=1):
        writer.writerow([*_place(table, number, commune, "France services"), *(_FULL_DAY,) * 5, "", "Fixe"])
    bus = _place(table, len(points) + 1, points[0], "Bus France services")
    writer.writerow([*bus, *(_MORNING,) * 5, "", "Bus_équivalent"])
    return text.getvalue()


def _place(table: CommuneTable, number: int, commune: int, kind: str) -> list[object]:
    lng, lat = table.lnglat[commune]
    return [f"99{number:03d}", f"{kind} {table.names[commune]}", table.codes[commune], f"{lat:.5f}", f"{lng:.5f}"]
