"""A test of many cases tries all of them and names those that failed."""

import pytest

from tests.python.cases import each


@each("number, is_even", [(0, True), (1, True), (2, True), (3, True)])
def of_pairs(number, is_even):
    assert (number % 2 == 0) is is_even


def test_every_case_is_tried_and_each_that_failed_is_named():
    with pytest.raises(AssertionError) as caught:
        of_pairs()
    told = str(caught.value)
    assert told.startswith("2 of 4 cases failed:\nnumber=1, is_even=True\n")
    assert "number=3, is_even=True" in told
    assert "number=0" not in told
    assert "number=2" not in told


def test_of_many_failures_the_first_are_told_and_all_are_named():
    @each("letter", "abcdefghijklmnopqrstuvwxyz")
    def of_letters(letter):
        raise KeyError(f"no {letter}")

    with pytest.raises(AssertionError, match="26 of 26 cases failed") as caught:
        of_letters()
    told = str(caught.value)
    assert "letter='a'\n    KeyError: 'no a'" in told
    assert "no z" not in told
    assert "letter='z'" in told


def test_two_sets_of_cases_are_tried_with_one_another():
    seen = []

    @each("one", [1, 2])
    @each("other", [pytest.param(3, id="three"), 4])
    def of_both(one, other):
        seen.append((one, other))
        if one == 2:
            with pytest.raises(ValueError, match="never"):
                pass

    with pytest.raises(AssertionError, match="1 of 2 cases failed") as caught:
        of_both()
    assert seen == [(1, 3), (1, 4), (2, 3), (2, 4)]
    assert all(words in str(caught.value) for words in ("one=2", "2 of 2", "other=3", "other=4"))


def test_no_case_is_no_test():
    @each("nothing", [])
    def of_nothing(nothing):
        raise NotImplementedError

    with pytest.raises(AssertionError, match="without a case"):
        of_nothing()


@pytest.fixture
def given() -> str:
    return "given"


@each("case", ["tried"])
def test_other_arguments_are_fixtures(given, case):
    assert (given, case) == ("given", "tried")
