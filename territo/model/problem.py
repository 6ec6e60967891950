"""The data of the organisational model, on plain arrays.

Sets: n communes, i demand nodes, j sites, s services, p seats (seats are
sites). Money is euro per year, travel minutes one way, users' time hours per
year. See the domain specification, section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from territo.domain.arrays import Bools, Floats, Ints
from territo.domain.organisation import IN_POLES, Modality
from territo.model.families import Coordination, Means, Moves, Norm, Phasing, SecondPoint, Stops, Territories
from territo.model.names import distinct
from territo.model.plan import Plan


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """What each of the s services needs; all arrays are (s,).

    Parameters
    ----------
    codes
        Names used in rows and columns; see :func:`territo.model.names.distinct`.
    choices
        Modalities the optimiser may choose from, one or more per service.
    nearest
        Users go to the nearest open point (block ``closest``).
    sector
        In poles, communes use the seat (or an antenna) of their own territory.
    branch
        A point outside seats and headquarters makes its site a branch.
    bundle
        Every branch offers it.
    productivity
        Units an FTE handles a year; NaN = no staff.
    least_team
        FTE of the smallest team.
    fte_eur, point_eur
        Cost of an FTE, and of a point of service besides staff and area.
    reception_m2, space_m2
        Reception area of a point; area per FTE.
    pieces
        (FTE at no work, FTE per unit) of each affine piece of a team that
        grows less than its work, the least of which it needs; empty = none.
    """

    codes: tuple[str, ...]
    choices: tuple[tuple[Modality, ...], ...]
    nearest: Bools
    sector: Bools
    branch: Bools
    bundle: Bools
    productivity: Floats
    least_team: Floats
    fte_eur: Floats
    point_eur: Floats
    reception_m2: Floats
    space_m2: Floats
    pieces: tuple[tuple[tuple[float, float], ...], ...]

    def __post_init__(self) -> None:
        """Tell the names apart."""
        object.__setattr__(self, "codes", distinct(self.codes))


@dataclass(frozen=True, slots=True, eq=False)
class SiteData:
    """What each of the j sites costs and may do; all arrays are (j,) unless said.

    Parameters
    ----------
    codes
        Names used in rows and columns; see :func:`territo.model.names.distinct`.
    commune
        Commune of each site.
    opening_eur
        Cost of keeping the site open.
    reception_eur_m2
        Cost of a square metre of reception.
    staff_eur_m2
        (j, s) cost of a square metre for the staff of a service.
    fitout_eur_m2
        Capital per square metre, 0 where the site is open today.
    capacity_m2
        ``inf`` = no limit.
    public
        Public points of today, whose closures are counted.
    kept, closed
        Sites that must, or must not, be open.
    """

    codes: tuple[str, ...]
    commune: Ints
    opening_eur: Floats
    reception_eur_m2: Floats
    staff_eur_m2: Floats
    fitout_eur_m2: Floats
    capacity_m2: Floats
    public: Bools
    kept: Bools
    closed: Bools

    def __post_init__(self) -> None:
        """Tell the names apart."""
        object.__setattr__(self, "codes", distinct(self.codes))


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One organisational problem.

    Parameters
    ----------
    communes, nodes
        Names of the n communes and i nodes, used in rows and columns.
    node_commune
        (i,) commune of each node.
    population
        (i,) inhabitants.
    minutes
        (i, j) mean one-way minutes, finite where ``allowed``.
    units, visits
        (i, s) demand a year; visits in person a year.
    covered
        (i, j, s) share of the node's inhabitants within the service's target.
    agent_eur
        (i, j, s) field travel if site j serves node i.
    unevenness
        (i, j) mean over the node's inhabitants of exp(kappa x minutes),
        rescaled; the Kolm-Pollak proxy.
    need
        (i, s) weighted visits used by the Kolm-Pollak proxy.
    allowed
        (i, j, s) whether site j may serve node i for service s.
    beyond
        (i, j, s) pairs that one optimistic share a node and service stands for
        (:mod:`territo.model.farther`); None = no pair is left out.
    required
        (j, s) points that the law keeps.
    free_at
        (j, s) where a service that may stand anywhere may stand.
    services, sites, territories, coordination, stops, moves
        See their classes; ``territories`` is None without poles, ``stops``
        without itinerance, ``moves`` where the transition is not looked at.
    headquarters
        Index of the siège's site.
    shared_reception
        Reception of a shared site is at least this share of the sum.
    norms, second_points, means
        See :class:`Norm`, :class:`SecondPoint` and :class:`Means`.
    worst_share
        Share of the visits whose mean time is the term ``equity``; None = the
        Kolm-Pollak proxy is.
    most_open, most_closures, capital_eur
        Limits on open sites, on closures and on capital for new sites; None = no limit.
    limits
        Term name -> greatest value (``cost``, ``travel``, ``coverage``, ``equity``).
    goals
        One mapping a stage, term -> weight; later stages keep what the
        earlier ones reached.
    frozen
        Points, modalities and territories that are given, None = free.
    unlike, least_changes
        Each of these plans differs from the answer by so many sites at least.
    phasing
        The steps that lead to this organisation; None = it is looked at alone.
    """

    communes: tuple[str, ...]
    nodes: tuple[str, ...]
    node_commune: Ints
    population: Floats
    minutes: Floats
    units: Floats
    visits: Floats
    covered: Floats
    agent_eur: Floats
    unevenness: Floats
    need: Floats
    allowed: Bools
    required: Bools
    free_at: Bools
    services: Services
    sites: SiteData
    headquarters: int
    territories: Territories | None = None
    coordination: Coordination = field(default_factory=Coordination)
    stops: Stops | None = None
    moves: Moves | None = None
    shared_reception: float = 0.6
    norms: tuple[Norm, ...] = ()
    second_points: tuple[SecondPoint, ...] = ()
    means: Means | None = None
    worst_share: float | None = None
    most_open: int | None = None
    most_closures: int | None = None
    capital_eur: float | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    goals: tuple[Mapping[str, float], ...] = ({"cost": 1.0},)
    frozen: Plan | None = None
    unlike: tuple[Plan, ...] = ()
    least_changes: int = 2
    beyond: Bools | None = None
    phasing: Phasing | None = None

    def __post_init__(self) -> None:
        """Tell the names apart."""
        object.__setattr__(self, "communes", distinct(self.communes))
        object.__setattr__(self, "nodes", distinct(self.nodes))

    @property
    def hours(self) -> Floats:
        """(i, j, s) users' hours a year if site j serves node i: visits, both ways."""
        finite = np.where(np.isfinite(self.minutes), self.minutes, 0.0)
        hours: Floats = self.visits[:, None, :] * (2.0 / 60.0) * finite[:, :, None]
        return hours

    def seat_at(self, site: int) -> int | None:
        """Return the position of a site among the possible seats, None if it cannot be one."""
        if self.territories is None:
            return None
        found = np.flatnonzero(self.territories.seats == site)
        return int(found[0]) if found.size else None

    def given(self, service: int, modality: Modality) -> bool:
        """Whether the service has this modality and no other choice."""
        return self.services.choices[service] == (modality,)

    def possible(self, service: int, *modalities: Modality) -> bool:
        """Whether the service may have one of these modalities."""
        return any(modality in self.services.choices[service] for modality in modalities)

    def itinerant(self, service: int) -> bool:
        """Whether the service may have stops."""
        return self.stops is not None and bool(self.stops.usable[:, :, service].any())

    def team_for(self, service: int, units: float) -> float:
        """FTE that a point of the service needs for so many units a year; 0 for a service without staff."""
        services = self.services
        if not np.isfinite(services.productivity[service]):
            return 0.0
        pieces = (fixed + per_unit * units for fixed, per_unit in services.pieces[service])
        floor = max(float(services.least_team[service]), min(pieces, default=0.0))
        return max(floor, units / float(services.productivity[service]))

    def in_poles(self, service: int) -> bool:
        """Whether the service stands at the seat of every territory, whatever is chosen."""
        return set(self.services.choices[service]) <= set(IN_POLES)
