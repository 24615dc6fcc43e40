"""Pictures made in other processes: the same bytes, and no picture lost in silence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reports import ReportError, render
from reports.converting import Converter
from reports.drawing import Cache, Pictures
from tests.python.reports.conftest import Drawing


@pytest.fixture
def svg(drawings: Callable[[str], list[Drawing]]) -> str:
    """A drawn figure."""
    [(_, drawn)] = drawings("forest_stress")
    return drawn


def test_another_process_makes_the_same_bytes(svg: str, tmp_path: Path) -> None:
    with Converter() as converter:
        for number in range(3):
            converter.add(svg, {name: tmp_path / f"{number}.{name}" for name in ("png", "pdf")})
    assert {(tmp_path / f"{number}.png").read_bytes() for number in range(3)} == {
        render.to_png(svg)
    }
    assert all((tmp_path / f"{n}.pdf").read_bytes().startswith(b"%PDF") for n in range(3))


@pytest.mark.parametrize(
    ("text", "target"),
    [("<svg></svg>", "bad.png"), (None, "no/such/folder.png")],
    ids=["no size", "no folder"],
)
def test_what_goes_wrong_is_named(svg: str, tmp_path: Path, text: str | None, target: str) -> None:
    def convert() -> None:
        with Converter() as converter:
            for _ in range(4):
                converter.add(text or svg, {"png": tmp_path / target})

    with pytest.raises(ReportError, match=Path(target).name):
        convert()


def test_pictures_are_remembered_when_all_are_there(svg: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with Pictures(Cache(kept)) as pictures:
        pictures.write(svg, {"png": tmp_path / "one.png"})
    with Pictures(Cache(kept)) as pictures:
        pictures.write(svg, {"png": tmp_path / "two.png"})
        assert pictures.pending == []
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_nothing_is_remembered_of_a_run_that_stopped(svg: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept"

    def stopped() -> None:
        with Pictures(Cache(kept)) as pictures:
            pictures.write(svg, {"png": tmp_path / "one.png"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert not kept.exists()
