"""People take turns: nobody waits for all that another person asked."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from territo.studies.turns import fair

PEOPLE = st.lists(st.sampled_from("abc"), max_size=12)
RUNNING = st.dictionaries(st.sampled_from("abc"), st.integers(1, 2), max_size=2)


def test_whoever_asks_once_comes_before_the_second_job_of_whoever_asked_ten_times():
    assert fair(["a"] * 10 + ["b"], {}) == [0, 10, *range(1, 10)]


def test_a_person_whose_job_runs_comes_after_one_who_has_none():
    assert fair(["a", "b"], {"a": 1}) == [1, 0]


def test_alone_one_is_served_in_the_order_one_asked():
    assert fair(["a"] * 5, {"a": 2}) == list(range(5))


@given(PEOPLE, RUNNING)
def test_every_job_has_one_place_and_each_person_keeps_the_order_of_their_own(owners, running):
    order = fair(owners, running)
    assert sorted(order) == list(range(len(owners)))
    for person in set(owners):
        mine = [index for index in order if owners[index] == person]
        assert mine == sorted(mine)


@given(PEOPLE)
def test_nobody_starves_while_others_ask_again_and_again(owners):
    """One slot: whenever a job ends, the person who had it asks again at once."""
    queue, served = list(enumerate(owners)), []
    for number in range(len(owners), len(owners) + 40):
        if not queue:
            return
        place = fair([owner for _, owner in queue], Counter())[0]
        index, owner = queue.pop(place)
        served.append(index)
        queue.append((number, owner))
    assert set(range(len(owners))) <= set(served)


@given(PEOPLE, RUNNING, st.sampled_from("abc"))
def test_one_more_job_of_somebody_delays_no_other_by_more_than_one_place(owners, running, person):
    before, after = fair(owners, running), fair([*owners, person], running)
    for index in range(len(owners)):
        assert 0 <= after.index(index) - before.index(index) <= 1
