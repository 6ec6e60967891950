"""The data of single families: territories, coordination, stops, moves, norms, second points, means, phasing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from territo.domain.arrays import Bools, Floats, Ints
from territo.model.names import distinct

Contiguity = Literal["none", "sufficient", "exact"]


@dataclass(frozen=True, slots=True, eq=False)
class Territories:
    """How territories may be drawn.

    Parameters
    ----------
    seats
        (p,) site index of each possible seat, one per commune at most.
    seat_commune
        (p,) commune of each seat.
    minutes
        (n, p) mean one-way minutes from a commune to a seat.
    workload
        (n,) what is balanced.
    fewest, most
        Number of territories.
    tolerance
        Largest relative deviation from the mean workload; ``inf`` = no balance.
    exempt
        (n,) communes too big to balance: their territory is left out of the
        balance, and so is their workload.
    contiguity
        ``sufficient`` is the rule of Zoltners and Sinha, ``exact`` the loop of
        separator cuts.
    adjacency
        (e, 2) commune pairs.
    together
        (commune, commune, wanted): in one territory, or in two.
    inside
        (commune, seat position, wanted).
    """

    seats: Ints
    seat_commune: Ints
    minutes: Floats
    workload: Floats
    fewest: int
    most: int
    tolerance: float
    exempt: Bools
    contiguity: Contiguity
    adjacency: Ints
    together: tuple[tuple[int, int, bool], ...] = ()
    inside: tuple[tuple[int, int, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Coordination:
    """What managing several places costs: euro a year for one manager, FTE for the rest."""

    manager_eur: float = 0.0
    seat_fte: float = 0.0
    liaison_fte: float = 0.0
    branch_fte: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
    """A least share of the inhabitants, or of a group of them, within the target time of a service.

    Parameters
    ----------
    service, share
        Index; 0 to 1.
    group
        Name of the group, empty for all inhabitants.
    people
        (i,) inhabitants of the group; None = all.
    within
        (i, j) share of the group within the target time of each site; None =
        that of all inhabitants of the node.
    """

    service: int
    share: float
    group: str = ""
    people: Floats | None = None
    within: Floats | None = None

    def counted(self, population: Floats, covered: Floats) -> tuple[Floats, Floats]:
        """(i,) people whom the norm counts, and (i, j) share of them within the target time of each site."""
        people = population if self.people is None else self.people
        return people, covered[:, :, self.service] if self.within is None else self.within


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """Where itinerant stops may be held (q possible stops, r possible parents).

    Parameters
    ----------
    sites, parents
        (q,) and (r,) site index of each; parents are possible seats, or the
        siège alone without territories.
    half_day_eur
        (q, r) euro a year of one half-day a week held from a parent; ``inf`` =
        out of reach.
    usable
        (i, q, s) whether a node may use a stop for a service.
    fewest, most
        Half-days a week of a stop that is held.
    credit
        Share of its users that a stop suits, 0 to 1.
    hours_per_half_day
        Hours a year that one half-day a week gives.
    hours_per_unit
        (s,) hours of work that a unit of demand takes.
    """

    sites: Ints
    parents: Ints
    half_day_eur: Floats
    usable: Bools
    fewest: int
    most: int
    credit: float
    hours_per_half_day: float
    hours_per_unit: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Who works where today, and what a move costs (o places with staff).

    Parameters
    ----------
    origins
        Names used in rows and columns; see :func:`territo.model.names.distinct`.
    site
        (o,) site index of each place, -1 for a place that is no candidate.
    staff
        (o, s) FTE today.
    yearly_eur
        (o, j) euro a year for one FTE that moves to a site.
    departing_share
        Share of the staff that leaves by itself, 0 to 1.
    most_fte
        Greatest number of FTE that move; None = no limit.
    """

    origins: tuple[str, ...]
    site: Ints
    staff: Floats
    yearly_eur: Floats
    departing_share: float
    most_fte: float | None = None

    def __post_init__(self) -> None:
        """Tell the names apart."""
        object.__setattr__(self, "origins", distinct(self.origins))


@dataclass(frozen=True, slots=True)
class SecondPoint:
    """A least share of the inhabitants with two points of a service within some minutes."""

    service: int
    share: float
    minutes: float


@dataclass(frozen=True, slots=True, eq=False)
class Means:
    """Means that follow needs, territory by territory.

    Parameters
    ----------
    local
        (s,) services whose staff counts.
    need
        (n,) need of each commune.
    least_ratio
        Least means per need of a territory over the overall one; None = not asked.
    most_gap
        Greatest share of the staff that would have to move to follow needs;
        None = not asked.
    """

    local: Bools
    need: Floats
    least_ratio: float | None = None
    most_gap: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Phasing:
    """The way from today to the organisation looked for, in steps (t steps, the last one is the target).

    Parameters
    ----------
    years
        (t,) year from which each step holds, growing.
    weights
        (t,) part of each step in the objective; they add up to 1.
    staying
        (t,) share of the staff of a service that must still be there, of the
        staff of the step before (of today for the first one).
    offered, staff
        (j, s) points and FTE of today.
    site_of
        (i, s) site that serves each node today, -1 for none.
    most_changes
        (t,) points open to users that may open or close; None = no limit.
    most_services
        (t,) services that may begin to change; None = no limit.
    capital_eur
        (t,) capital for new sites that may be spent; None = no limit.
    step
        Number of the step that the problem is; None = the target.
    """

    years: tuple[int, ...]
    weights: tuple[float, ...]
    staying: tuple[float, ...]
    offered: Bools
    staff: Floats
    site_of: Ints
    most_changes: tuple[int | None, ...]
    most_services: tuple[int | None, ...]
    capital_eur: tuple[float | None, ...]
    step: int | None = None
