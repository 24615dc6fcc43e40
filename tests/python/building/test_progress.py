"""What a build says while it runs."""

from numba import njit

from umbrella.building.progress import COMPILING, telling_of_compilation


def test_the_first_compilation_is_told_once(capsys):
    with telling_of_compilation():
        njit(lambda x: x + 1)(1)
        njit(lambda x: x + 2)(1)
    njit(lambda x: x + 3)(1)
    assert " ".join(capsys.readouterr().err.split()) == COMPILING


def test_what_is_compiled_already_is_not_told(capsys):
    compiled = njit(lambda x: x * 2)
    compiled(1)
    with telling_of_compilation():
        assert compiled(2) == 4
    assert not capsys.readouterr().err
