"""The preview has a warehouse and a site of its own; what is published stays as it is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.python.conftest import append
from umbrella.commands import watch
from umbrella.sheets.sources import Sources
from umbrella.stopping import Stop
from umbrella.watching import rounds
from umbrella.watching.preview import Preview, versions_of


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is asked of each site, which is not drawn."""
    asked: list[dict[str, Any]] = []

    def build_site(database: Path, out: Path, formats: tuple[str, ...], **options: Any) -> None:
        assert formats == ("svg",)
        assert database.is_file()
        out.mkdir(exist_ok=True)
        asked.append(options)

    monkeypatch.setattr("reports.site.build_site", build_site)
    return asked


@pytest.mark.build
def test_only_what_changed_is_made_anew_and_a_fault_leaves_what_was(
    tmp_path: Path,
    shipped_database: Path,
    shipped_sheets: Path,
    copied_sheets: Path,
    drawn: list[dict[str, Any]],
) -> None:
    before = shipped_database.stat()
    preview = Preview(shipped_sheets, tmp_path, shipped_database, Stop())
    first = preview.refresh(Sources.of(shipped_sheets))
    assert first.is_ok, first.said
    assert [options["same"] for options in drawn] == [[]]
    preview._place = copied_sheets
    sheet = copied_sheets / "protocol" / "prior_items.csv"
    whole = sheet.read_bytes()
    sheet.write_bytes(whole.replace(b"item", b"itm", 1))
    broken = preview.refresh(Sources.of(copied_sheets))
    assert not broken.is_ok
    assert "prior_items.csv" in broken.said
    assert "\x1b" not in broken.said
    assert len(drawn) == 1
    sheet.write_bytes(whole)
    unread = {"meta_analysis_id": "Nobody2020", "first_author": "Nobody A", "year": "2020"}
    reason = {"title": "No numbers", "source_url": "https://example.org/", "reason": "None given"}
    append(copied_sheets / "extraction" / "unread_meta_analyses.csv", unread | reason)
    mended = preview.refresh(Sources.of(copied_sheets))
    assert mended.is_ok, mended.said
    same = set(drawn[1]["same"])
    assert "fct_pooled_effects" in same
    assert same <= set(versions_of(shipped_database))
    preview.close()
    after = shipped_database.stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)


def test_what_the_program_itself_cannot_do_is_told_and_watching_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_place: Path) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("umbrella.watching.preview.checked_sheets", fails)
    preview = Preview(tmp_path / "sheets", tmp_path, tmp_path / "none.duckdb", Stop())
    outcome = preview.refresh(Sources("sheets", "1"))
    assert not outcome.is_ok
    assert outcome.said == "Unexpected ValueError: no such thing"


def test_ctrl_c_ends_it_and_nothing_is_left(
    invoke: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(saves: object, refresh: object, board: object) -> None:
        assert list(Path(tempfile.gettempdir()).glob("umbrella-watch-*"))
        raise KeyboardInterrupt

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(rounds, "follow", interrupted)
    place = tmp_path / "my-review"
    place.mkdir()
    result = invoke("watch", place, "--port", 0, "--no-open", "--database", tmp_path / "x.duckdb")
    assert result.exit_code == 130, result.output
    assert f"The preview of {place}: http://127.0.0.1:" in result.stdout
    assert result.stderr.splitlines() == ["Stopped."]
    assert list(tmp_path.iterdir()) == [place]


def test_a_place_without_sheets_is_named(invoke: Callable[..., Result], tmp_path: Path) -> None:
    result = invoke("watch", tmp_path / "none.xlsx")
    assert result.exit_code == 1
    assert "none.xlsx does not exist. `umbrella new` makes" in result.stderr


def test_a_browser_of_the_terminal_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []

    class Window(watch.webbrowser.BackgroundBrowser):
        def open(self, url: str, *_more: object) -> bool:
            opened.append(url)
            return True

    for kind in (Window, watch.webbrowser.GenericBrowser):
        monkeypatch.setattr(watch.webbrowser, "get", lambda kind=kind: kind("no-such-browser"))
        watch._open("http://127.0.0.1/")
    assert opened == ["http://127.0.0.1/"]
