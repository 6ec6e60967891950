"""Territory, catalogue, travel and scenario become a problem; a solution becomes an organisation.

The only translator between the words of the domain and the arrays of the
model. Demand nodes carry population-weighted means of their cells, so that
every linear term of the model equals the same figure taken cell by cell.
"""

from territo.formulate.answer import organisation_of, solution_of
from territo.formulate.phasing import with_steps
from territo.formulate.problem import Formulation, formulate
from territo.formulate.study import Study

__all__ = ["Formulation", "Study", "formulate", "organisation_of", "solution_of", "with_steps"]
