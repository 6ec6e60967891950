"""What it costs that agents change their place of work."""

from __future__ import annotations

import numpy as np

from territo.domain.arrays import Floats
from territo.domain.catalogue import Constants

# ends of the bands of the compensation, km of round trip (décret 2015-934, article 2)
BANDS_KM = (20.0, 40.0, 60.0, 90.0)
BOTH_WAYS = 2.0


def moving_eur(constants: Constants, km: Floats) -> Floats:
    """Euro, once, for one full-time equivalent: compensation by band, training and equipment.

    Parameters
    ----------
    constants
        Of the catalogue.
    km
        One way between the two places; the longer round trip is taken for the
        lengthening of the way to work, which is not known.
    """
    steps = (
        constants.moving_eur_20_km,
        constants.moving_eur_40_km,
        constants.moving_eur_60_km,
        constants.moving_eur_90_km,
    )
    band = np.searchsorted(BANDS_KM, BOTH_WAYS * km, side="right")
    euro: Floats = np.array([0.0, *steps])[band] + constants.moving_support_eur
    return euro


def departing_share(constants: Constants, years: int) -> float:
    """Share of the staff that retires or leaves by itself within some years."""
    return float(1.0 - (1.0 - constants.departure_rate) ** years)
