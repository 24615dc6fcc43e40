"""Pictures made in other processes: the same bytes, and no picture lost in silence."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
from loky import ProcessPoolExecutor

from benchmarks.site_faults import living
from reports import picture, render, theme
from reports.errors import LostTextError, MissingCharactersWarning, ReportError
from reports.figure import Figure
from reports.workshop import Cache, Workshop, drawers, tools
from tests.python.drawing_pool import POOL
from tests.python.reports.conftest import Drawing

NAMES = ("forest_stress", "a title", "a description")


@pytest.fixture(autouse=True)
def _own_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the processes of a site end with it, as they do for users."""
    monkeypatch.setattr(POOL, ProcessPoolExecutor)


@pytest.fixture
def svg(drawings: Callable[[str], list[Drawing]]) -> str:
    """A drawn figure."""
    [(_, drawn)] = drawings("forest_stress")
    return drawn


@pytest.fixture
def spec(drawings: Callable[[str], list[Drawing]], figures: dict[str, Figure]) -> dict[str, Any]:
    """The specification of a figure."""
    [(panel, _)] = drawings("forest_stress")
    return render.compose(panel, figures["forest_stress"])


def test_other_processes_make_the_same_bytes(
    spec: dict[str, Any], svg: str, tmp_path: Path
) -> None:
    with Workshop(Cache(None)) as workshop:
        jobs = [workshop.start(spec, NAMES) for _ in range(3)]
        for number in range(3):
            workshop.write([svg], {name: tmp_path / f"{number}.{name}" for name in picture.FORMATS})
        assert {workshop.svg(job) for job in jobs} == {picture.to_svg(spec, *NAMES)}
    made = {tmp_path / f"{number}.png" for number in range(3)}
    assert {path.read_bytes() for path in made} == {picture.to_png(svg)}
    assert all((tmp_path / f"{n}.pdf").read_bytes().startswith(b"%PDF") for n in range(3))
    assert (tmp_path / "0.svg").read_text(encoding="utf-8") == svg


@pytest.mark.parametrize(
    ("text", "target"),
    [("<svg></svg>", "bad.png"), (None, "no/such/folder.png")],
    ids=["no size", "no folder"],
)
def test_what_goes_wrong_is_named(svg: str, tmp_path: Path, text: str | None, target: str) -> None:
    def convert() -> None:
        with Workshop(Cache(None)) as workshop:
            for _ in range(4):
                workshop.write([text or svg], {"png": tmp_path / target})

    with pytest.raises(ReportError, match=Path(target).name):
        convert()


def test_a_lost_text_is_told_by_the_process_that_draws(spec: dict[str, Any]) -> None:
    *layers, last = spec["layer"]
    place = {"y": {"field": "y", "type": "quantitative"}, "text": {"field": "text"}}
    lost = {"mark": {"type": "text"}, "data": {"name": "lost"}, "encoding": place}
    changed = spec | {
        "layer": [*layers, last, lost],
        "datasets": spec["datasets"] | {"lost": [{"text": "0.63", "y": None}]},
    }
    with (
        Workshop(Cache(None)) as workshop,
        pytest.raises(LostTextError, match=r"Text lost in the SVG of forest_stress: 0\.63"),
    ):
        workshop.svg(workshop.start(changed, NAMES))


def test_a_process_that_dies_is_an_error(spec: dict[str, Any]) -> None:
    def killed() -> None:
        with Workshop(Cache(None)) as workshop:
            workshop.processes.submit(os._exit, 1)
            workshop.svg(workshop.start(spec, NAMES))

    with pytest.raises(ReportError, match="process that draws pictures ended"):
        killed()


def test_a_process_that_died_before_is_an_error_too(spec: dict[str, Any]) -> None:
    with Workshop(Cache(None)) as workshop:
        with pytest.raises(BrokenProcessPool):
            workshop.processes.submit(os._exit, 1).result()
        with pytest.raises(ReportError, match="process that draws pictures ended"):
            workshop.start(spec, NAMES)


def test_processes_that_are_lent_draw_for_the_next_site_too() -> None:
    processes = drawers()
    try:
        for _ in range(2):
            with Workshop(Cache(None), processes) as workshop:
                assert workshop.submit(abs, -1).result() == 1
        with pytest.raises(OSError, match="full"), Workshop(Cache(None), processes):
            raise OSError("full")
        assert processes.submit(abs, -2).result() == 2
    finally:
        processes.shutdown(wait=True, kill_workers=True)


def test_no_process_that_draws_outlives_the_one_that_asked() -> None:
    begun = """
import os, time
from reports.workshop import Cache, Workshop
with Workshop(Cache(None)) as workshop:
    print(workshop.processes.submit(os.getpid).result(), flush=True)
    workshop.processes.submit(time.sleep, 600).result()
"""
    caller = subprocess.Popen([sys.executable, "-c", begun], stdout=subprocess.PIPE, text=True)
    drawer = int(caller.stdout.readline())
    assert living([drawer], seconds=0) == [drawer]
    caller.kill()
    caller.communicate()
    assert living([drawer]) == []


def test_pictures_are_remembered_when_all_are_there(
    spec: dict[str, Any], svg: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    with Workshop(Cache(kept)) as workshop:
        workshop.write([svg], {"png": tmp_path / "one.png"})
        drawn = workshop.svg(workshop.start(spec, NAMES))
    with Workshop(Cache(kept)) as workshop:
        workshop.write([svg], {"png": tmp_path / "two.png"})
        assert workshop.pending == []
        job = workshop.start(spec, NAMES)
        assert job.maker is None
        assert workshop.svg(job) == drawn
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_pictures_that_another_run_uses_are_not_forgotten(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    one, other = Cache(kept), Cache(kept)
    with one.in_use():
        one.keep("svg", "drawn", b"<svg/>")
        with other.in_use():
            other.prune()
            assert one.find("svg", "drawn") == b"<svg/>"
    with other.in_use():
        other.prune()
    assert list(kept.iterdir()) == []


def test_a_picture_that_a_power_cut_emptied_is_made_again(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.path("svg", "drawn").touch()
    assert kept.fetch("svg", "drawn", lambda: b"<svg/>") == b"<svg/>"
    assert kept.find("svg", "drawn") == b"<svg/>"


def test_pictures_of_other_fonts_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    before = tools.__wrapped__()
    assert tools.__wrapped__() == before
    monkeypatch.setattr(theme, "FONT", "DejaVu Sans Mono, Courier New, monospace")
    assert tools.__wrapped__() != before


def test_a_picture_that_lacks_a_character_is_told_of_and_not_remembered(
    svg: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    lacking = svg.replace("Stress", "Stress \u0378")
    assert lacking != svg

    def made() -> None:
        with Workshop(Cache(kept)) as workshop:
            workshop.write([lacking], {"png": tmp_path / "lacking.png"})
            workshop.write([svg], {"png": tmp_path / "whole.png"})

    with pytest.warns(MissingCharactersWarning, match="\u0378"):
        made()
    assert (tmp_path / "lacking.png").exists()
    assert [path.read_bytes() for path in kept.iterdir()] == [(tmp_path / "whole.png").read_bytes()]


def test_nothing_half_made_is_remembered_of_a_run_that_stopped(svg: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept"

    def stopped() -> None:
        with Workshop(Cache(kept)) as workshop:
            workshop.write([svg], {"png": tmp_path / "one.png"})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert not kept.exists()


def test_pictures_are_drawn_where_none_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder of another user, say, or where there is no room."""
    (tmp_path / "file").touch()
    (tmp_path / "full").mkdir()

    def no_room(path: Path, _content: bytes) -> None:
        path.touch()
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", no_room)
    for folder in ("file/below", "full"):
        cache = Cache(tmp_path / folder)
        with cache.in_use():
            for _ in range(2):
                assert cache.fetch("svg", "a source", lambda: b"drawn") == b"drawn"
            cache.prune()
    assert list((tmp_path / "full").iterdir()) == []
