"""How a model runs programs and tells of its progress, within its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from territo.locate.highs import Answer, Options, Program, minimise
from territo.locate.limits import Clock, Limits
from territo.progress import Unheard


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """Runs programs within the limits of one model, and reports for a part of it.

    Parameters
    ----------
    limits, clock
        Of the model.
    sure
        What the sites that open in any case add to the values of the part.
    """

    limits: Limits
    clock: Clock
    sure: float = 0.0

    def report(self, incumbent: float, bound: float) -> None:
        """Tell whoever watches the best value and the bound of the part."""
        self.clock.report("locate", self.sure + incumbent, self.sure + bound)

    def minimise(
        self,
        program: Program,
        *,
        gap: float = 0.0,
        start: Mapping[int, float] | None = None,
        extra: Mapping[str, str | float] | None = None,
    ) -> Answer:
        """Solve a program in the time that is left."""
        limits = self.limits
        options = Options(self.clock.left, gap, limits.seed, limits.threads, extra=extra or {})
        return minimise(program, options, Unheard(limits.progress), stage="locate", start=start)
