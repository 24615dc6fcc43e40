"""The preview is shown to browsers of this computer alone, and pages follow the site."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reports import file_list
from reports.html import digest
from tests.python.cases import each
from umbrella.errors import UmbrellaError
from umbrella.watching.board import Board
from umbrella.watching.preview import Outcome
from umbrella.watching.server import script, serving

PAGE = """<!doctype html>
<html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:">
<title>T</title></head><body><h1>{}</h1></body></html>"""


def write_site(site: Path, heading: str) -> None:
    """A site of a page and a table, beside which a file of somebody else stands."""
    (site / "data").mkdir(parents=True, exist_ok=True)
    (site / "index.html").write_text(PAGE.format(heading), encoding="utf-8")
    (site / "data" / "rows.csv").write_text("a,b\n", encoding="utf-8")
    (site / "secret.txt").write_text("secret", encoding="utf-8")
    names = ["index.html", "data/rows.csv"]
    written = file_list.text(heading, file_list.digests(site, names))
    (site / file_list.NAME).write_text(written, encoding="utf-8")


@pytest.fixture
def shown() -> list[float]:
    """The seconds after which pages showed a new site."""
    return []


@pytest.fixture
def served(tmp_path: Path, shown: list[float]) -> Iterator[tuple[str, Board, Path]]:
    """The address of a preview of which nothing is made yet, its board, and its site."""
    board = Board(shown.append)
    with serving(tmp_path / "site", board, 0) as address:
        yield address, board, tmp_path / "site"


def ask(
    address: str, path: str, method: str = "GET", host: str | None = None
) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of an answer to a path as it stands."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or place.netloc)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.headers)
    finally:
        connection.close()


def test_only_what_the_site_lists_is_given_out_and_only_to_this_computer(
    served: tuple[str, Board, Path],
) -> None:
    address, board, site = served
    write_site(site, "one")
    (site / "data" / "link.csv").symlink_to(site / "secret.txt")
    (site.parent / "other").mkdir()
    (site.parent / "other" / "link.txt").write_text("secret", encoding="utf-8")
    (site / "out").symlink_to(site.parent / "other")
    names = ["index.html", "data/rows.csv", "data/link.csv", "out/link.txt"]
    listed = file_list.text("one", file_list.digests(site, names))
    (site / file_list.NAME).write_text(listed, encoding="utf-8")
    board.end(Outcome(is_ok=True, said=""), 0)
    port = urlsplit(address).port

    @each(
        "path, method, host, status",
        [
            ("/", "GET", None, 200),
            ("/index.html?x=1", "GET", None, 200),
            ("/data/rows.csv", "HEAD", f"localhost:{port}", 200),
            ("/data/rows.csv", "POST", None, 501),
            ("/secret.txt", "GET", None, 404),
            ("/.files", "GET", None, 404),
            ("/data/link.csv", "GET", None, 404),
            ("/out/link.txt", "GET", None, 404),
            ("/", "GET", "localhost", 421),
            ("/data/../secret.txt", "GET", None, 404),
            ("/data/%2e%2e/secret.txt", "GET", None, 404),
            ("//etc/passwd", "GET", None, 404),
            ("/..%2f..%2fetc/passwd", "GET", None, 404),
            ("/data\\rows.csv", "GET", None, 404),
            ("/%00", "GET", None, 404),
            ("/", "GET", "evil.example", 421),
            ("/", "GET", f"evil.example:{port}", 421),
            ("/.preview/news", "GET", "evil.example", 421),
        ],
    )
    def answers(path: str, method: str, host: str | None, status: int) -> None:
        found, text, headers = ask(address, path, method, host)
        assert found == status
        assert "secret" not in text
        if status == 200:
            assert headers["Cache-Control"] == "no-store"

    answers()
    assert ask(address, "/data/rows.csv")[1] == "a,b\n"


def test_a_page_gets_the_script_and_its_policy_allows_nothing_more(
    served: tuple[str, Board, Path],
) -> None:
    address, board, site = served
    status, waiting, _ = ask(address, "/")
    assert status == 200
    assert "The preview is being made" in waiting
    assert 'data-site="0"' in waiting
    write_site(site, "one")
    board.end(Outcome(is_ok=True, said=""), 0)
    _, page, _ = ask(address, "/")
    assert f'<script data-site="1">{script()}</script></body>' in page
    policy = unescape(re.search(r'Policy" content="([^"]*)"', page)[1])
    assert policy == (
        f"default-src 'none'; img-src data:; script-src {digest(script())}; connect-src 'self'"
    )
    assert (site / "index.html").read_text(encoding="utf-8") == PAGE.format("one")
    assert "There is no such page" in ask(address, "/gone.html")[1]


def test_pages_are_told_what_happens_and_the_first_one_shows_it(
    served: tuple[str, Board, Path], shown: list[float]
) -> None:
    address, board, site = served
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    connection.request("GET", "/.preview/news")
    stream = connection.getresponse()

    def told() -> tuple[int, bool, bool, str]:
        line = next(line for line in iter(stream.readline, b"") if line.startswith(b"data: "))
        news = json.loads(line.removeprefix(b"data: "))
        return news["site"], news["is_busy"], news["is_ok"], news["said"]

    assert told() == (0, True, True, "")
    assert board.end(Outcome(is_ok=False, said="row 3: no <number>"), 0) == 1
    assert told() == (0, False, False, "row 3: no <number>")
    ask(address, "/")
    assert shown == []
    board.begin()
    assert told()[1]
    write_site(site, "one")
    board.end(Outcome(is_ok=True, said=""), time.time() - 5)
    assert told() == (1, False, True, "")
    for _ in range(2):
        ask(address, "/")
    assert [round(seconds) for seconds in shown] == [5]
    connection.close()


def test_browsers_leave_out_the_usual_port(
    served: tuple[str, Board, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, board, site = served
    write_site(site, "one")
    board.end(Outcome(is_ok=True, said=""), 0)
    monkeypatch.setattr("umbrella.watching.server.HTTP_PORT", urlsplit(address).port)
    assert [ask(address, "/", host=host)[0] for host in ("localhost", "evil.example")] == [200, 421]


def test_a_port_that_is_taken_is_named(served: tuple[str, Board, Path]) -> None:
    address, board, site = served
    port = urlsplit(address).port
    with pytest.raises(UmbrellaError, match=rf"Port {port} cannot be used: .* --port"):
        serving(site, board, port).__enter__()


@pytest.mark.browser
def test_an_open_page_follows_the_sheets(served: tuple[str, Board, Path], browser) -> None:
    address, board, site = served
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.get_by_text("The preview is being made …").wait_for()
    for heading in ("one", "two"):
        write_site(site, heading)
        board.end(Outcome(is_ok=True, said=""), 0)
        page.get_by_role("heading", name=heading).wait_for()
    board.end(Outcome(is_ok=False, said="row 3, column estimate: <b>1,2,3</b>"), 0)
    page.get_by_text("row 3, column estimate: <b>1,2,3</b>").wait_for()
    assert page.get_by_role("heading", name="two").is_visible()
    board.end(Outcome(is_ok=True, said=""), 0)
    page.get_by_text("row 3").wait_for(state="detached")
    page.close()
    assert errors == []
