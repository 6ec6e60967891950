"""The door to HiGHS."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from territo.locate.highs import Options, Program, minimise
from territo.progress import Silent


@pytest.mark.parametrize("threads", [(2, 1), (1, 2)])
def test_another_number_of_threads_is_no_obstacle(threads):
    one = np.ones(3)
    rows = csr_array(np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1]]))
    program = Program(one, 0 * one, one, one.astype(bool), rows, one, np.full(3, np.inf))
    for number in threads:
        answer = minimise(program, Options(threads=number, gap=0.0), Silent(), stage="test")
        assert (answer.status, answer.objective) == ("optimal", 2.0)


def test_a_program_that_highs_refuses_is_no_answer():
    one = np.ones(1)
    program = Program(one, one, one, one.astype(bool), csr_array(np.array([[np.inf]])), one, one)
    with pytest.raises(RuntimeError, match="refused"):
        minimise(program, Options(), Silent(), stage="test")
