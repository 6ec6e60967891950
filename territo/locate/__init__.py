"""Classical location models on plain arrays, exact."""

from territo.locate.capacitated import capacitated_p_median
from territo.locate.equitable import equitable, kolm_pollak_kappa
from territo.locate.fixed_charge import fixed_charge
from territo.locate.location import Location
from territo.locate.max_cover import max_cover
from territo.locate.p_center import p_center
from territo.locate.p_median import p_median
from territo.locate.set_cover import set_cover

__all__ = [
    "Location",
    "capacitated_p_median",
    "equitable",
    "fixed_charge",
    "kolm_pollak_kappa",
    "max_cover",
    "p_center",
    "p_median",
    "set_cover",
]
