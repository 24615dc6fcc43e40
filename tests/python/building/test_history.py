"""The history of a warehouse: what it keeps, what it says of a change, and what a kill leaves."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import Result
from typer.testing import CliRunner

from benchmarks.past import ROOT, changed, extract, keep, plan_of_sheets, publish_of, sealed
from reports.pages import changes as changes_page
from reports.pages.model import Content, Page
from reports.site import page_html
from umbrella.app import app
from umbrella.building.plan import Plan
from umbrella.errors import UmbrellaError
from umbrella.history.compare import Changes, compare
from umbrella.history.keeping import FIRST, Keeping, Publish
from umbrella.history.kept import RESULTS, WRITE
from umbrella.history.lines import groups
from umbrella.history.past import to_go_back_to, two_of
from umbrella.history.sheets import as_this_version_takes_them, sheets_of, write_sheets
from umbrella.history.store import PARTS, PENDING, History, identity_of, sha256_of
from umbrella.history.words import summary
from umbrella.options import history_limit
from umbrella.sheets.contract import read_contract
from umbrella.sheets.readings import USUAL_NOTE
from umbrella.sheets.rows import Rows

pytestmark = pytest.mark.build

SHEETS = ("reported_effects", "meta_analyses", "policies", "measures", "figures", "sheet_readings")
ANALYSES = ("ptsd_active", "suicidal_ideation", "stress")

CELL = "update raw.reported_effects set {set} where effect_id = '{effect}'"
"""A change of a sheet."""

MOVES = (
    CELL.format(set="estimate = '-0.47', notes = 'read again'", effect="Simblett2017_04"),
    "update fct_analysis_members set yi = 0.47 where effect_id = 'Simblett2017_04' and is_member",
    """
    update fct_pooled_effects set estimate = -0.31, ci_low = -0.7, ci_high = 0.08, side = 'neither',
        cohen_band = 'large'
    where analysis_id = 'ptsd_active'
    """,
    """
    update fct_evidence_grades set grade = 'ns', grade_label = 'Not significant'
    where analysis_id = 'ptsd_active' and policy_id = 'recommended'
        and scheme = 'ioannidis_published'
    """,
)
"""A cell that moves a pool, turns its significance and lowers its class; a remark beside it."""

MOVES_NOTHING = (CELL.format(set="source_locator = 'Table 9'", effect="Sloan2011_02"),)

ENTERS = (
    """
    insert into raw.reported_effects (row_number, effect_id, meta_analysis_id, estimate)
    values (9999, 'New2026_01', 'New2026', '0.5')
    """,
    """
    insert into fct_analysis_members (
        member_id, analysis_id, policy_id, source_sheet, effect_id, meta_analysis_id, is_member,
        yi, vi, weight, is_unresolved
    )
    select
        'stress:' || policy_id || ':New2026_01', 'stress', policy_id, 'reported_effects',
        'New2026_01', 'New2026', true, 0.5, 0.01, 0.1, false
    from dim_policies
    """,
    "update fct_pooled_effects set k = k + 1 where analysis_id = 'stress'",
)
"""A row that enters a pool and changes nothing of it that is seen but its number of members."""

POLICY = (
    "update raw.policies set tau2_method = 'DL' where policy_id = 'paule_mandel'",
    "update fct_pooled_effects set ci_high = ci_high + 0.2 where policy_id = 'paule_mandel'",
)

VOCABULARY = (
    "update raw.measures set label = label || ' (new)' where code = 'hedges_g'",
    "update fct_pooled_effects set estimate = estimate + 0.02 where analysis_id = 'stress'",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of_sheets(SHEETS)


@pytest.fixture(scope="module")
def small(shipped_database, tmp_path_factory, plan) -> Path:
    folder = tmp_path_factory.mktemp("small")
    return extract(shipped_database, folder / "small.duckdb", plan, ANALYSES)


@pytest.fixture(scope="module")
def publish(plan) -> Publish:
    return publish_of(plan)


@pytest.fixture
def database(small, tmp_path, publish) -> Path:
    """A published warehouse with a history of this one publish."""
    database = tmp_path / "review.duckdb"
    keep(database, Path(shutil.copy2(small, tmp_path / "first")), publish)
    return database


@pytest.fixture
def _uncompared(monkeypatch) -> None:
    """Publishes are kept without a word on what changed, which takes most of the time."""

    def nothing(_history, older, newer):
        return Changes(older, newer, [], [], [], [], [], [], [], [])

    monkeypatch.setattr("umbrella.history.keeping.compare", nothing)


def publish_changed(database: Path, publish: Publish, *statements: str, limit: int = 100) -> None:
    keep(database, changed(database, database.with_name("new"), *statements), publish, limit)


def last_changes(database: Path) -> Changes:
    history = History(database)
    return compare(history, *two_of(history.entries(), None, None))


def causes_of(changes: Changes) -> dict[str, set[tuple[str, str, str | None]]]:
    """Sheet, row and column that each moved pool or grade is put down to."""
    found: dict[str, set[tuple[str, str, str | None]]] = {}
    for row in changes.causes:
        where = (row["sheet"], row["row_id"], row["column_name"] or row["change"])
        found.setdefault(row["target_id"], set()).add(where)
    return found


def test_each_change_is_told_with_its_cause(database, publish):
    publish_changed(database, publish, *MOVES, *MOVES_NOTHING, *POLICY)
    changes = last_changes(database)
    causes = causes_of(changes)
    assert {(c["row_id"], c["column_name"], c["older"], c["newer"]) for c in changes.cells} == {
        ("Simblett2017_04", "estimate", "-0.27", "-0.47"),
        ("Simblett2017_04", "notes", last_note(changes), "read again"),
        ("Sloan2011_02", "source_locator", "Abstract, Results", "Table 9"),
        ("paule_mandel", "tau2_method", "PM", "DL"),
    }
    cell, policy = (
        ("reported_effects", "Simblett2017_04", "estimate"),
        ("policies", "paule_mandel", "tau2_method"),
    )
    assert causes["ptsd_active:recommended"] == {cell}
    assert causes["ptsd_active:paule_mandel"] == {cell, policy}
    assert causes["stress:paule_mandel"] == {policy}
    assert causes["ptsd_active:recommended:ioannidis_published"] == {cell}
    (pool,) = (
        row
        for row in changes.pools
        if (row["analysis_id"], row["policy_id"]) == ("ptsd_active", "recommended")
    )
    assert pool["has_other_significance"]
    assert not pool["has_other_side"]
    assert pool["has_other_band"]
    assert summary(changes, is_listed=True) == (
        "One pool moved, two other pools moved under other methods alone and one grade fell, "
        "because of the policy Paule-Mandel (tau2 method) "
        "and this one cell. Two other cells changed and moved none of them."
    )
    told = {group.name: group for group in groups(changes)}
    line = next(line for line in told["pools"].lines if line.subject.startswith("Post"))
    assert line.before == "SMD 0.30 (0.18 to 0.42), k=4" or line.before.startswith("SMD 0.")
    assert line.after == "SMD −0.31 (−0.70 to 0.08), k=4"
    assert "significance: favours the intervention → favours neither" in line.change
    assert line.because == "Reported effects, Simblett2017_04: estimate"


def last_note(changes: Changes) -> str | None:
    return next(row["older"] for row in changes.cells if row["column_name"] == "notes")


def test_rows_vocabulary_and_what_moves_nothing(database, publish):
    publish_changed(database, publish, *MOVES_NOTHING)
    assert History(database).entries()[-1].sentence == (
        "One cell changed; no pool, grade or conclusion did."
    )
    publish_changed(database, publish, *ENTERS)
    changes = last_changes(database)
    assert {(m["effect_id"], m["change"]) for m in changes.members} == {("New2026_01", "entered")}
    assert set(causes_of(changes)["stress:recommended"]) == {
        ("reported_effects", "New2026_01", "added")
    }
    assert summary(changes, is_listed=False) == "One pool moved, because of one added row."
    publish_changed(database, publish, *VOCABULARY)
    assert History(database).entries()[-1].sentence == (
        "One pool moved, probably because of one cell."
    )
    older, newer = History(database).entries()[0], History(database).entries()[2]
    both_ways = [compare(History(database), *pair) for pair in ((older, newer), (newer, older))]
    assert [row["change"] for row in both_ways[0].rows] == ["added"]
    assert [row["change"] for row in both_ways[1].rows] == ["removed"]
    assert {m["change"] for m in both_ways[1].members} == {"left"}


@pytest.mark.usefixtures("_uncompared")
def test_equal_cells_and_results_are_no_publish_of_their_own(database, publish):
    history = History(database)
    (first,) = history.entries()
    assert first.sentence == FIRST
    assert identity_of(database) == first.identity
    publish_changed(database, publish)
    (again,) = history.entries()
    assert again.holds_the_same_as(first)
    assert (again.number, again.published_at) == (1, first.published_at)
    assert identity_of(database) == again.identity != first.identity
    parts = set((history.folder / PARTS).iterdir())
    publish_changed(database, publish, *MOVES_NOTHING)
    assert len(set((history.folder / PARTS).iterdir()) - parts) == 1, "one sheet differs"


def test_everything_of_a_publish_is_kept(database, small):
    (entry,) = History(database).entries()
    assert set(entry.sheets) == set(SHEETS)
    assert set(entry.results) == set(RESULTS)
    kept = sheets_of(History(database), entry)
    with duckdb.connect(str(small), read_only=True) as con:
        for name, table in kept.items():
            found = con.execute(f"from raw.{name}")
            columns = [column[0] for column in found.description]
            rows = [["" if v is None else str(v) for v in row] for row in found.fetchall()]
            numbers = [[str(n)] for n in table.numbers()] if columns[0] == "row_number" else None
            again = (
                [n + row for n, row in zip(numbers, table.rows, strict=True)]
                if numbers
                else list(table.rows)
            )
            assert again == rows, name
        for name, results in RESULTS.items():
            (n_rows,) = con.execute(f"select count(*) from ({results.query})").fetchone()
            assert entry.results[name].rows == n_rows > 0


def test_sheets_of_a_publish_are_written_as_files(database, tmp_path):
    history = History(database)
    kept = sheets_of(history, history.entries()[0])
    target = tmp_path / "then"
    assert write_sheets(kept, read_contract(ROOT), target) == []
    shipped = ROOT / "seeds/extraction/reported_effects.csv"
    text = (target / "extraction/reported_effects.csv").read_text(encoding="utf-8")
    assert text == shipped.read_text(encoding="utf-8").replace("\r\n", "\n")
    with pytest.raises(UmbrellaError, match="is not an empty folder"):
        write_sheets(kept, (), target)


@pytest.mark.usefixtures("_uncompared")
def test_the_oldest_go_beyond_the_limit_and_it_is_told(database, publish, capsys):
    history = History(database)
    for number in range(3):
        cell = CELL.format(set=f"notes = '{number}'", effect="Sloan2011_02")
        publish_changed(database, publish, cell, limit=2)
    assert [entry.number for entry in history.entries()] == [3, 4]
    named = {part.file for entry in history.entries() for part in entry.parts.values()}
    assert {file.name for file in (history.folder / PARTS).iterdir()} == named
    assert "keeps 2 publishes: number 2, of" in capsys.readouterr().err
    os.utime(database)  # copied back, but what was published
    publish_changed(database, publish, *VOCABULARY, limit=2)
    assert not history.entries()[-1].is_after_gap
    publish_changed(database, publish, *MOVES, limit=0)
    assert [entry.number for entry in history.entries()] == [4, 5]
    publish_changed(database, publish, *POLICY)
    assert history.entries()[-1].is_after_gap
    assert "What was published in between is not kept." in history.entries()[-1].told


@pytest.mark.parametrize("said", ["many", "-1", "1.5"])
def test_a_limit_is_a_number(monkeypatch, said):
    monkeypatch.setenv("UMBRELLA_HISTORY", said)
    with pytest.raises(UmbrellaError, match="which is no number of publishes"):
        history_limit(None)
    assert history_limit(7) == 7


def full(*_arguments):
    raise OSError(28, "No space left on device")


@pytest.mark.usefixtures("_uncompared")
def test_a_history_that_cannot_be_written_stops_no_publish(database, publish, capsys, monkeypatch):
    history = History(database)
    with monkeypatch.context() as patch:
        patch.setattr(History, "begin", full)
        publish_changed(database, publish, *MOVES)
    assert "is not kept in the history" in capsys.readouterr().err
    assert [entry.number for entry in history.entries()] == [1]
    assert identity_of(database) != history.entries()[0].identity
    assert to_go_back_to(history, history.entries(), None).number == 1, "the last before this one"
    Keeping(database, publish, 100).begin(database)
    assert not history.entries()[-1].is_after_gap, "this very state was lacking"
    assert (history.folder / PENDING).exists(), "the next build catches up"
    assert history.entries()[-1].number == 2


def test_no_publish_spoils_another_or_takes_what_is_spoilt(database, publish, capsys, monkeypatch):
    history = History(database)
    shutil.copy2(history.folder / "0001.json", history.folder / "0001 (1).json")
    publish_changed(database, publish, NOTES[0])
    monkeypatch.setattr("umbrella.history.kept.WRITE", WRITE.replace("zstd", "gzip"))
    publish_changed(database, publish, NOTES[1])
    publish_changed(database, publish, NOTES[0])
    entries = whole(database)
    assert [entry.number for entry in entries] == [1, 2, 3, 4], "by two writers of files"
    elsewhere = database.parent / "year=2026" / database.name
    shutil.copytree(history.folder, History(elsewhere).folder)
    changes = compare(History(elsewhere), entries[1], entries[3])
    assert changes.cells == changes.pools == [], "the same cells in another file"
    for part in (entries[3].results["pools"], entries[3].sheets["figures"]):
        history.path(part).write_bytes(b"spoilt")
    with monkeypatch.context() as patch:
        patch.setattr(History, "end_to_write", full)
        publish_changed(database, publish, *MOVES)
    told = capsys.readouterr().err
    assert "What changed since publish 4 cannot be told" in told
    assert "This publish is kept, but the history" in told
    newest = history.entries()[-1]
    assert newest.number == 5
    assert all(history.is_whole(part) for part in newest.parts.values())


def test_a_number_is_no_name_and_rows_without_a_name_stay_apart(database, publish):
    publish_changed(
        database,
        publish,
        CELL.format(set="effect_id = '5'", effect="Simblett2017_04"),
        "update fct_analysis_members set effect_id = '5' where effect_id = 'Simblett2017_04'",
        "insert into raw.reported_effects (row_number, estimate) values (7001, '1'), (7002, '2')",
    )
    publish_changed(
        database,
        publish,
        *(statement.replace("Simblett2017_04", "5") for statement in MOVES[:3]),
        CELL.format(set="n_comparisons = '5'", effect="Sloan2011_02"),
        "delete from raw.reported_effects where row_number = 7001",
        "update raw.reported_effects set estimate = '3' where row_number = 7002",
    )
    changes = last_changes(database)
    assert causes_of(changes)["ptsd_active:recommended"] == {("reported_effects", "5", "estimate")}
    assert [(row["row_id"], row["change"]) for row in changes.rows] == [("row 7001", "removed")]
    assert ("row 7002", "2", "3") in {(c["row_id"], c["older"], c["newer"]) for c in changes.cells}


@pytest.mark.usefixtures("_uncompared")
def test_damage_is_named(database, publish):
    publish_changed(database, publish, *MOVES)
    history = History(database)
    older, newer = history.entries()
    pools = history.path(newer.results["pools"])
    good = pools.read_bytes()
    pools.write_bytes(good[:-3] + b"xxx")
    with pytest.raises(UmbrellaError, match=f"{pools} is damaged"):
        compare(history, older, newer)
    pools.unlink()
    with pytest.raises(UmbrellaError, match=f"The history lacks {pools}"):
        compare(history, older, newer)
    first = history.folder / "0001.json"
    for text, words in (
        ("{", "is damaged"),
        ("[]", "is damaged"),
        (json.dumps({"format": 2}), "another version of the program"),
    ):
        first.write_text(text, encoding="utf-8")
        with pytest.raises(UmbrellaError, match=words):
            history.entries()


class Killed(BaseException):
    """What ends a build as a kill does: nothing catches it."""


STEPS = ((os, "replace"), (os, "fsync"), (Path, "unlink"), (Path, "touch"), (Path, "write_text"))


NOTES = [f"update raw.policies set description = '{text}'" for text in ("a", "b", "c")]


@pytest.mark.usefixtures("_uncompared")
def test_a_kill_at_any_step_leaves_one_state_or_the_other(shipped_database, tmp_path):
    """Before each thing that a publish does on the disk it is ended, and then one follows."""
    plan = plan_of_sheets(["policies"])
    publish = publish_of(plan)
    small = extract(shipped_database, tmp_path / "small.duckdb", plan, has_results=False)
    start = tmp_path / "start"
    start.mkdir()
    published = start / "review.duckdb"
    keep(published, Path(shutil.copy2(small, start / "first")), publish)
    keep(published, changed(published, start / "new", NOTES[0]), publish)
    new = changed(published, tmp_path / "second", NOTES[1])
    newest = changed(new, tmp_path / "third", NOTES[2])
    n_steps = 0
    while True:
        folder = Path(shutil.copytree(start, tmp_path / f"at-{n_steps}"))
        database = folder / "review.duckdb"
        copies = [Path(shutil.copy2(file, folder / file.name)) for file in (new, newest)]
        was_killed = killed_before(n_steps, database, copies[0], publish)
        entries = whole(database)
        assert [entry.number for entry in entries] in ([1, 2], [1, 2, 3], [2, 3]), n_steps
        keep(database, copies[1], publish, limit=2)
        assert len(whole(database)) == 2
        history = History(database)
        named = {part.file for entry in history.entries() for part in entry.parts.values()}
        assert {file.name for file in (history.folder / PARTS).iterdir()} == named, n_steps
        assert not list(history.folder.glob(".*")), n_steps
        if not was_killed:
            break
        n_steps += 1
        shutil.rmtree(folder)
    assert n_steps > 10


def whole(database: Path) -> list:
    """The entries, each with all its tables; the last is that of the published warehouse."""
    history = History(database)
    entries = history.entries()
    for entry in entries:
        for part in entry.parts.values():
            assert sha256_of(history.path(part)) == part.sha256
    assert entries[-1].identity == identity_of(database)
    return entries


def killed_before(n_steps: int, database: Path, new: Path, publish: Publish) -> bool:
    """Publish, and end it before the step of this number; False when it has no more steps."""
    left = [n_steps]

    def counting(step):
        def count(*arguments, **options):
            if not left[0]:
                raise Killed
            left[0] -= 1
            return step(*arguments, **options)

        return count

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, counting(getattr(owner, name)))
        try:
            keep(database, new, publish, limit=2)
        except Killed:
            return True
    return False


def test_who_may_read_the_warehouse_may_read_its_history(small, tmp_path, publish):
    database = tmp_path / "review.duckdb"
    shutil.copy2(small, database)
    database.chmod(0o640)
    keep(database, sealed(Path(shutil.copy2(small, tmp_path / "new"))), publish)
    assert History(database).folder.stat().st_mode & 0o777 == 0o750
    database.chmod(0o640)
    History(database).folder.chmod(0o2700)
    keep(database, sealed(Path(shutil.copy2(database, tmp_path / "new"))), publish)
    assert History(database).folder.stat().st_mode & 0o7777 == 0o2750, "files stay of the group"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_commands_list_and_compare(database, publish, tmp_path):
    assert "holds publish 1 alone" in run("diff", "--database", database).stderr
    publish_changed(database, publish, *MOVES)
    publish_changed(database, publish, *ENTERS)
    listed = json.loads(run("history", "--database", database, "--format", "json").stdout)
    assert [row["number"] for row in listed] == [1, 2, 3]
    assert [row["cells_changed"] for row in listed] == [0, 2, 0]
    assert [row["rows_changed"] for row in listed] == [0, 0, 1]
    assert [row["pools_moved"] for row in listed] == [0, 1, 1]
    shown = run("diff", "--database", database)
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[0] == "One pool moved, because of one added row."
    assert "Publish 2 (" in shown.stderr
    older = run("diff", 1, 2, "--database", database)
    first = "One pool moved and one grade fell, because of this one cell."
    assert older.stdout.startswith(first)
    found = json.loads(run("diff", 1, "--database", database, "--format", "json").stdout)
    assert (found["older"], found["newer"]) == (1, 3)
    assert {row["analysis_id"] for row in found["pools"]} == {"ptsd_active", "stress"}
    written = run("diff", "--database", database, "--format", "csv").stdout
    rows = list(csv.DictReader(written.splitlines()))
    assert {row["part"] for row in rows} == {"rows", "pools", "members"}
    assert len([row for row in rows if row["part"] == "pools"]) == 9, "every method"
    for arguments, words in (
        (("diff", 7), "The history has no publish 7. Kept: 1 to 3"),
        (("rollback", 7), "The history has no publish 7. Kept: 1 to 3"),
        (("rollback", 3), "Publish 3 is what is published: nothing was done."),
        (("rollback", 1, "--history", 0), "A rollback is a publish of its own"),
    ):
        done = run(*arguments, "--database", database)
        assert (done.exit_code, words in done.stderr) == (1, True), (arguments, done.stderr)
    then = tmp_path / "then"
    assert run("rollback", 1, "--database", database, "--sheets-to", then).exit_code == 0
    assert "Simblett2017_04" in (then / "extraction/reported_effects.csv").read_text("utf-8")
    database.with_name("other.duckdb").touch()
    nothing = run("history", "--database", tmp_path / "other.duckdb")
    assert "There is no history at" in nothing.stderr


@pytest.mark.usefixtures("_uncompared")
def test_the_page_tells_what_changed(database, publish):
    content = Content(tables={}, drawn=(), review={"title": "A review"}, database=database)
    assert changes_page.pages(content) == [], "nothing to compare with"
    publish_changed(database, publish, *MOVES, *ENTERS)
    (page,) = changes_page.pages(content)
    assert page.lead == (
        "Two pools moved and one grade fell, because of this one cell and one added row. "
        "One other cell changed and moved none of them."
    )
    html = page_html(page, [page], {"title": "A review", "member_word": "meta-analysis"})
    for words in (
        page.lead,
        "Reported effects, Simblett2017_04",
        "significance: favours the intervention → favours neither",
        "From publish 1 to publish 2",
    ):
        assert words in html, words
    assert not re.search(r"ptsd_active|fct_|[a-z]_[a-z]+_[a-z]", page_text(page)), "no codes"
    sealed(database)
    with pytest.warns(UserWarning, match="No page on what changed: publish 2"):
        assert changes_page.pages(content) == []


def page_text(page: Page) -> str:
    return " ".join(
        [page.lead, *(words for section in page.sections for words in section.paragraphs)]
        + [
            str(cell)
            for section in page.sections
            for block in section.blocks
            for row in (block.table.columns, *block.table.rows)
            for cell in row
        ]
    )


@pytest.mark.usefixtures("_uncompared")
def test_a_row_that_a_workbook_left_unnamed_is_known_by_the_name_it_was_given(
    database, publish, tmp_path
):
    publish_changed(
        database,
        publish,
        "insert into raw.reported_effects (row_number, meta_analysis_id, estimate) "
        "values (7001, 'Sloan2011', '0.4')",
        "insert into raw.sheet_readings (sheet, row_number, column_name, read_as, how) "
        f"values ('reported_effects', '7001', 'effect_id', 'Sloan2011_77', '{USUAL_NOTE}')",
    )
    publish_changed(
        database,
        publish,
        "update raw.reported_effects set estimate = '0.6' where row_number = 7001",
    )
    changes = last_changes(database)
    assert [(c["row_id"], c["column_name"]) for c in changes.cells] == [
        ("Sloan2011_77", "estimate")
    ]
    assert changes.rows == []
    history = History(database)
    kept = sheets_of(history, history.entries()[-1])
    write_sheets(kept, read_contract(ROOT), tmp_path / "then")
    with (tmp_path / "then/extraction/reported_effects.csv").open(encoding="utf-8") as file:
        last = list(csv.DictReader(file))[-1]
    assert (last["effect_id"], last["estimate"]) == ("Sloan2011_77", "0.6")
    assert kept["reported_effects"].numbers()[-1] == 7001


def test_sheets_of_another_version_are_taken_with_what_this_one_has_beside(database):
    history = History(database)
    kept = sheets_of(history, history.entries()[0])
    contract = [sheet for sheet in read_contract(ROOT) if sheet.name in kept or sheet.is_optional]
    policies = kept["policies"]
    without = replace(
        policies,
        header=[*policies.header[:-1], "ours"],
        rows=Rows([*row[:-1], "x"] for row in policies.rows),
    )
    taken = as_this_version_takes_them(kept, contract, 1)
    assert taken.keys() == {sheet.name for sheet in contract} | {"sheet_readings"}
    assert len(taken["scales"].rows) > 3, "what ships"
    assert not taken["ma_relations"].rows
    with pytest.raises(UmbrellaError, match=r"publish 1: protocol/policies\.csv: .*order"):
        as_this_version_takes_them({**kept, "policies": without}, contract, 1)
    with pytest.raises(UmbrellaError, match="this sheet is missing"):
        as_this_version_takes_them(kept, read_contract(ROOT), 1)
