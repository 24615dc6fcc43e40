"""`umbrella export manuscript`: what the pack says is what the warehouse holds."""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from pathlib import Path

import docx
import openpyxl
import pytest
from typer.testing import CliRunner

from reports import fhir
from reports.manuscript import methods, model, references
from tests.python.cases import each
from tests.python.conftest import ROOT
from umbrella.app import app
from umbrella.errors import UmbrellaError
from umbrella.exporting.folder import exported_folder
from umbrella.sheets.contract import read_contract
from validation.recompute_members import QUANTITIES, checksums

PINNED = json.loads((ROOT / "tests/data/manuscript/recomputed.json").read_text(encoding="utf-8"))
TOLERANCE = 1e-5
"""That of the script: metafor's rma.mv stops early."""


@pytest.fixture(scope="module")
def pack(shipped_database, made_once) -> Path:
    def make(folder: Path) -> Path:
        options = ("--to", folder / "pack", "--database", shipped_database, "--no-figures")
        done = CliRunner().invoke(app, ["export", "manuscript", *map(str, options)])
        assert done.exit_code == 0, done.output
        return folder / "pack"

    return made_once("manuscript", make)


@pytest.fixture(scope="module")
def manuscript(pack) -> docx.Document:
    return docx.Document(str(pack / "manuscript.docx"))


def rows_of(pack: Path, name: str) -> list[dict[str, str]]:
    with (pack / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_hold_the_numbers_of_the_warehouse(manuscript, shipped):
    summaries = shipped.execute(
        "select 2 + table_order, any_value(table_title), count(*) from reports.rpt_findings "
        "group by 1 order by 1"
    ).fetchall()
    captions = [p.text for p in manuscript.paragraphs if p.style.name == "Caption"]
    assert captions == [
        "Table 1. Characteristics of the included meta-analyses",
        "Table 2. Results of each analysis",
        *(f"Table {place}. Summary of findings. {title}" for place, title, _ in summaries),
        f"Table {3 + len(summaries)}. Methodological quality",
        f"Table {4 + len(summaries)}. Excluded meta-analyses, with reasons",
    ]
    counts = [len(table.rows) - 1 for table in manuscript.tables]
    n = "select count(*) from "
    queries = (
        n + "dim_meta_analyses where eligibility = 'included'",
        n + "(select analysis_id, policy_id, status from fct_pooled_effects union all "
        "select analysis_id, policy_id, status from fct_pooled_rates) "
        "where policy_id = 'recommended' and status != 'no_data'",
        *(f"select {n_lines}" for _, _, n_lines in summaries),
        n + "fct_quality_ratings where status = 'rated' and is_included",
        n + "dim_meta_analyses where eligibility != 'included'",
    )
    assert counts == [shipped.execute(query).fetchone()[0] for query in queries]
    row = next(
        [cell.text for cell in row.cells]
        for row in manuscript.tables[1].rows
        if row.cells[0].text == "Anxiety disorders"
    )
    k, low, high, i2, tau2 = shipped.execute(
        "select k, ci_low, ci_high, i2_q, tau2 from fct_pooled_effects "
        "where analysis_id = 'anxiety' and policy_id = 'recommended'"
    ).fetchone()
    assert row[1:4] == ["Symptom severity", "SMD", str(k)]
    assert row[6].endswith(f"({low:.2f} to {high:.2f})")
    assert row[8:10] == [f"{i2:.0f}%", f"{tau2:.3f}"]


def test_worksheets_have_the_rows_of_the_tables(manuscript, pack):
    book = openpyxl.load_workbook(pack / "tables.xlsx", read_only=True)
    numbers = range(1, len(manuscript.tables) + 1)
    assert book.sheetnames == [f"Table {number}" for number in numbers]
    rows = list(book["Table 2"].iter_rows(values_only=True))
    assert rows[0][0] == "Table 2. Results of each analysis"
    of_word = [[cell.text for cell in row.cells] for row in manuscript.tables[1].rows]
    assert [list(row) for row in rows[2 : 2 + len(of_word)]] == of_word


def test_text_is_in_plain_words(manuscript, shipped):
    text = "\n".join(paragraph.text for paragraph in manuscript.paragraphs)
    text += "\n".join(cell.text for table in manuscript.tables for cell in table._cells)
    policies = [code for (code,) in shipped.sql("select policy_id from dim_policies").fetchall()]
    codes = [code for code in policies if "_" in code]
    foreign = ("[[", "None", "NaN", "fct_", "dim_", "HK_adhoc", *codes)
    assert [word for word in foreign if word in text] == []
    assert "restricted maximum likelihood" in text
    assert re.search(r"(?m)^Paule-Mandel: the variance between meta-analyses was estimated", text)
    assert "SMD: standardised mean difference" in text


def test_members_are_those_that_r_recomputed(pack):
    """The numbers that R found for these members are those of the warehouse."""
    made_from = {name: sha for name, sha in PINNED["made_from"].items() if name != "version"}
    assert checksums(pack) == made_from, "run validation/recompute_members.py with R"
    rows = {f"{r['analysis_id']} / {r['policy_id']}": r for r in rows_of(pack, "results.csv")}
    left = {name for names in PINNED["not_recomputed"].values() for name in names}
    assert set(rows) == PINNED["recomputed"].keys() | left
    assert {name for name, row in rows.items() if row["k"] == "1"} == left
    precision: Counter[str] = Counter()
    for row in rows_of(pack, "members.csv"):
        precision[f"{row['analysis_id']} / {row['policy_id']}"] += 1 / float(row["vi"])
    beyond = []
    for name, numbers in PINNED["recomputed"].items():
        theirs = dict(zip(QUANTITIES, numbers, strict=True))
        for quantity in QUANTITIES:
            ours, other = rows[name][quantity], theirs[quantity]
            if not ours or other is None:
                is_near = not ours and other is None
            else:
                floor = precision[name] ** (-1 if quantity == "tau2" else -0.5)
                is_near = abs(float(ours) - other) <= TOLERANCE * max(abs(other), floor)
            if not is_near:
                beyond.append((name, quantity, ours, other))
    assert beyond == []


def test_members_pool_to_what_the_results_say(pack):
    """Without R: the common effect of the exported members is the exported result."""
    members: dict[str, list[tuple[float, float]]] = {}
    for row in rows_of(pack, "members.csv"):
        if row["policy_id"] == "common_effect":
            members.setdefault(row["analysis_id"], []).append((float(row["yi"]), float(row["vi"])))
    results = [row for row in rows_of(pack, "results.csv") if row["policy_id"] == "common_effect"]
    assert len(results) > 50
    for row in results:
        own = members[row["analysis_id"]]
        mean = math.fsum(y / v for y, v in own) / math.fsum(1 / v for _, v in own)
        assert float(row["estimate"]) == pytest.approx(mean, rel=1e-12, abs=1e-12), row
        assert int(row["k"]) == len(own)


def test_every_choice_of_a_policy_has_words():
    policies = next(sheet for sheet in read_contract(ROOT) if sheet.name == "policies")
    allowed = {name: set(column.allowed) for name, column in policies.kinds.items()}
    words = {
        "tau2_method": methods.ESTIMATORS.keys() | {"CE"},
        "ci_method": methods.INTERVALS.keys(),
        "pi_method": methods.PREDICTIONS.keys() | {"none"},
        "overlap_handling": methods.OVERLAP.keys(),
        "or_to_smd_rule": methods.ODDS_RATIOS.keys(),
        "converted_effects": methods.CONVERTED.keys() | {"pooled"},
    }
    assert {name: allowed[name] ^ known for name, known in words.items()} == {
        name: set() for name in words
    }


def test_references_in_each_style():
    row = {
        "meta_analysis_id": "A1", "first_author": "Adelman CB", "year": 2014, "title": "On trials",
        "journal": "J Clin", "doi": "10.1/x", "source_url": None, "citation_label": "Adelman",
        "authors": None, "volume": None, "issue": None, "pages": None,
    }  # fmt: skip
    other = row | {"meta_analysis_id": "A2", "title": "More?", "doi": None}
    bare = dict.fromkeys(row) | {
        "meta_analysis_id": "B1", "title": "A long title of five words", "citation_label": "B1",
        "source_url": "https://example.org/a",
    }  # fmt: skip
    found = references.references([row, other, bare], references.STYLES["vancouver"])
    assert found.listed == [
        "Adelman CB. On trials. J Clin. 2014. doi:10.1/x",
        "Adelman CB. More? J Clin. 2014.",
        "A long title of five words. [no date]. Available from: https://example.org/a",
    ]
    assert found.cited == {
        "A1": "Adelman 2014 [1]", "A2": "Adelman 2014 [2]", "B1": "A long title of… [3]",
    }  # fmt: skip
    found = references.references([row, other, bare], references.STYLES["apa"])
    assert found.listed == [
        "A long title of five words. (n.d.). Available from: https://example.org/a",
        "Adelman, C. B. (2014a). More? J Clin.",
        "Adelman, C. B. (2014b). On trials. J Clin. https://doi.org/10.1/x",
    ]
    assert found.cited["A1"] == "Adelman, 2014b"
    assert references.ris([row]).splitlines() == [
        "TY  - JOUR", "ID  - A1", "AU  - Adelman, CB", "PY  - 2014", "TI  - On trials",
        "JO  - J Clin", "DO  - 10.1/x", "ER  - ",
    ]  # fmt: skip


def test_references_with_all_authors_volume_and_pages():
    row = {
        "meta_analysis_id": "A1", "first_author": "Adelman CB", "year": 2014, "title": "On trials",
        "journal": "J Clin", "doi": "10.1/x", "source_url": None, "citation_label": "Adelman",
        "authors": "Adelman CB; Panza KE;  Bartley C", "volume": "75", "issue": "7",
        "pages": "e700-e704",
    }  # fmt: skip
    many = row | {
        "meta_analysis_id": "A2", "pages": "e55", "volume": None, "issue": "Suppl 1", "doi": None,
        "authors": "; ".join(f"Name{letter} A" for letter in "ABCDEFGHIJKLMNOPQRSTUVW"),
    }  # fmt: skip
    assert references.references([row, many], references.STYLES["vancouver"]).listed == [
        "Adelman CB, Panza KE, Bartley C. On trials. J Clin. 2014;75(7):e700-e704. doi:10.1/x",
        "NameA A, NameB A, NameC A, NameD A, NameE A, NameF A, et al. On trials. J Clin. "
        "2014;(Suppl 1):e55.",
    ]
    listed = references.references([row, many], references.STYLES["apa"]).listed
    assert listed[0] == (
        "Adelman, C. B., Panza, K. E., & Bartley, C. (2014a). On trials. J Clin, 75(7), "
        "e700\u2013e704. https://doi.org/10.1/x"
    )
    assert "NameS, A., … NameW, A. (2014b). On trials. J Clin, (Suppl 1), Article e55." in listed[1]
    lines = references.ris([row]).splitlines()
    assert lines[2:5] == ["AU  - Adelman, CB", "AU  - Panza, KE", "AU  - Bartley, C"]
    assert {"VL  - 75", "IS  - 7", "SP  - e700", "EP  - e704"} <= set(lines)
    assert references.incomplete([row]) == ""
    told = references.incomplete([row, many])
    assert told.startswith("Of 2 references, these are not known: the volume in 1; complete them")


def test_authors_of_one_surname_and_year_are_told_apart():
    empty = ("title", "journal", "doi", "source_url", "citation_label", "authors", "volume",
             "issue", "pages")  # fmt: skip
    row = dict.fromkeys(empty) | {"year": 2010}
    rows = [
        row | {"meta_analysis_id": name, "first_author": f"Lee {name}", "title": name}
        for name in ("A", "B")
    ]
    found = references.references(rows, references.STYLES["apa"])
    assert found.cited == {"A": "Lee, 2010a", "B": "Lee, 2010b"}


POOL = {
    "ci_level": 0.95, "k": 3, "n_studies": None, "n_participants": None, "person_time_unit": None,
    "estimate": 0.5, "ci_low": 0.2, "ci_high": 0.8, "pi_low": None, "pi_high": None,
    **dict.fromkeys(model.RATIO, 2.0),
}  # fmt: skip


@each(
    "scale, shown_as, label, unit, value, measure, code",
    [
        ("fisher_z", "tanh", "Correlation", None, math.tanh(0.5), "XY", None),
        ("mean_difference", "identity", "Mean difference", " in mmHg", 0.5, "XY in mmHg",
         "0000457"),
        ("log_incidence_rate_ratio", "exp", "Incidence rate ratio", " per 10 g/day", 2.0,
         "XY per 10 g/day", "rate-ratio"),
    ],
)  # fmt: skip
def test_every_scale_is_shown_as_people_read_it(scale, shown_as, label, unit, value, measure, code):
    """A unit is that of one analysis, and no part of what the abbreviation stands for."""
    analysis = {
        "scale": scale, "scale_label": label + (unit or ""), "scale_short_label": "XY",
        "measure_unit": unit and unit.removeprefix(" in").strip(),
    }  # fmt: skip
    pool = {**POOL, "shown_as": shown_as}
    assert model.shown(pool)[0] == value
    assert model.measures({"dim_analyses": [analysis]}) == {"XY": label[0].lower() + label[1:]}
    short = [analysis | {"scale_short_label": name} for name in ("RoM", "r", "percent", "rate")]
    assert model.measures({"dim_analyses": short}).keys() == {"RoM", "r"}
    assert model.measure_of(analysis) == measure
    statistic = fhir._statistic(analysis, pool)
    in_unit = {"unit": "mmHg"} if scale == "mean_difference" else {}
    assert statistic["quantity"] == {"value": value, **in_unit}
    assert statistic["statisticType"].get("coding", [{}])[0].get("code") == code


def test_codes_of_statistics_are_of_scales_that_there_are():
    with (ROOT / "seeds/protocol/scales.csv").open(encoding="utf-8", newline="") as file:
        scales = {row["scale"] for row in csv.DictReader(file)}
    assert fhir.STATISTICS.keys() <= scales


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    def export(target: Path, text: str = "new", kind: str = "manuscript") -> None:
        with exported_folder(target, kind) as new:
            (new / "sub").mkdir()
            (new / "sub" / "a.txt").write_text(text)

    target = tmp_path / "pack"
    export(target, "old")
    export(target)
    assert (target / "sub" / "a.txt").read_text() == "new"
    with pytest.raises(UmbrellaError, match="no `umbrella export package` wrote"):
        export(target, kind="package")
    (target / "notes.txt").write_text("mine")
    with pytest.raises(UmbrellaError, match=r"somebody else: notes\.txt"):
        export(target)
    (target / "notes.txt").unlink()
    (target / "sub" / "a.txt").write_text("edited")
    with pytest.raises(UmbrellaError, match=r"Edited since .* sub/a\.txt"):
        export(target)
    (target / "sub" / "a.txt").unlink()
    with pytest.raises(ZeroDivisionError), exported_folder(target, "manuscript") as new:
        (new / "half.txt").write_text(str(1 / 0))
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]
    export(target)
    assert (target / "sub" / "a.txt").read_text() == "new"
    with pytest.raises(UmbrellaError, match="make it first"):
        export(tmp_path / "nowhere" / "pack")
    with pytest.raises(UmbrellaError, match="is a file"):
        export(target / ".exported")
    others = tmp_path / "others"
    others.mkdir()
    (others / "x").touch()
    with pytest.raises(UmbrellaError, match="holds files that no"):
        export(others)


def test_the_summary_of_findings_is_a_file_of_its_own(shipped_database, shipped, tmp_path):
    """Word and workbook hold the cells of the page; a wrong name is told, and leaves nothing."""
    titles = shipped.execute(
        "select table_title from reports.rpt_findings group by table_order, table_title "
        "order by table_order"
    ).fetchall()
    word, book = tmp_path / "f.docx", tmp_path / "f.xlsx"
    for target in (word, book):
        command = ["export", "findings", "--to", str(target), "--database", str(shipped_database)]
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
    document, sheets = docx.Document(str(word)), openpyxl.load_workbook(book, read_only=True)
    assert len(document.tables) == len(sheets.sheetnames) == len(titles)
    row = next(
        [cell.text for cell in row.cells]
        for table in document.tables
        for row in table.rows
        if "1.39 (1.03 to 1.88)" in row.cells[4].text
    )
    # Lewis 2018, the source of the assumed risk, prints 258 (192 to 350) of 1000
    assert row[1].startswith("186 per 1000 [")
    assert row[2:4] == ["259 per 1000 (192 to 350)", "73 more per 1000 (6 more to 164 more)"]
    in_book = [
        [cell or "" for cell in line[:8]]
        for name in sheets.sheetnames
        for line in sheets[name].iter_rows(values_only=True)
    ]
    assert row in in_book
    for wrong in (["--to", "f.pdf"], ["--to", "f.docx", "--format", "xlsx"]):
        done = CliRunner().invoke(app, ["export", "findings", *wrong])
        assert done.exit_code == 1
        assert wrong[1] in done.output
