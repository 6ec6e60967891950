"""The answer: who offers what where, with which teams, and who goes where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints, frozen
from territo.domain.itinerance import Itinerance
from territo.errors import fault, raise_faults

NOWHERE = -1

# where a service may stand: at the siège, at the seat of every territory, there and at antennas, anywhere
Modality = Literal["central", "poles", "poles_antennas", "free"]
IN_POLES: tuple[Modality, ...] = ("poles", "poles_antennas")


@dataclass(frozen=True, slots=True, eq=False)
class Organisation:
    """An organisation of services on a territory (n communes, m cells, k sites, s services).

    Parameters
    ----------
    services
        Codes of the s services, in the order of the columns below.
    modality
        Per service a :data:`Modality`, or ``existing``.
    headquarters
        Index of the site of the siège.
    seats
        Indices of the sites that are the seats of territories; empty without
        territories.
    territory_of
        (n,) index of the seat's site that each commune belongs to, -1 without
        territories.
    offered
        (k, s) whether the site offers the service.
    staff
        (k, s) full-time equivalents.
    assignment
        (m, s) site used by each cell for each service; -1 = no site
        (reported, never hidden).
    hours_week
        (k, s) opening hours a week of each point of service.
    itinerance
        Itinerant stops; None without any.
    """

    services: tuple[str, ...]
    modality: tuple[str, ...]
    headquarters: int
    seats: tuple[int, ...]
    territory_of: Ints
    offered: Bools
    staff: Floats
    assignment: Ints
    hours_week: Floats
    itinerance: Itinerance | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays and check that everyone goes to a site that offers the service."""
        object.__setattr__(self, "territory_of", frozen(self.territory_of, np.int64))
        object.__setattr__(self, "offered", frozen(self.offered, np.bool_))
        object.__setattr__(self, "staff", frozen(self.staff, np.float64))
        object.__setattr__(self, "assignment", frozen(self.assignment, np.int64))
        object.__setattr__(self, "hours_week", frozen(self.hours_week, np.float64))
        shape = self.offered.shape
        if self.staff.shape != shape or self.hours_week.shape != shape or len(self.services) != shape[1]:
            raise_faults([fault("lengths-differ", "the columns of {what} differ in length", what="organisation")])
        for column, service in enumerate(self.services):
            used = np.unique(self.assignment[:, column])
            used = used[used != NOWHERE]
            there = self.offered[used, column]
            if self.itinerance is not None:
                there = there | self.itinerance.offered[used, column]
            if not there.all():
                raise_faults(
                    [
                        fault(
                            "assigned-to-closed",
                            "some inhabitants are sent to a site that does not offer {service}",
                            service=service,
                        )
                    ]
                )

    @property
    def open_sites(self) -> Ints:
        """Indices of the sites that offer at least one service."""
        return np.flatnonzero(self.offered.any(axis=1)).astype(np.int64)
