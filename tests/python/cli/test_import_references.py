"""`umbrella import references`: RIS and BibTeX into the sheet of meta-analyses."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from reports.manuscript.references import ris
from tests.python.cases import each
from umbrella.errors import UmbrellaError
from umbrella.importing.reference_rows import plan
from umbrella.importing.references import (
    FIELDS,
    author_of,
    doi_of_link,
    family_of,
    read_references,
    tidy_doi,
)
from umbrella.project import project_dir

RIS = """\
TY  - JOUR
AU  - Smith, Anna B.
AU  - Müller-Lüdenscheidt, Karl
AU  - The Trial Group
TI  - The effect of things: a
  long title.
PY  - 2020/05/01/
JO  - J Clin Things
T2  - Journal of Clinical Things
VL  - 12
IS  - 3
SP  - 45
EP  - 56
DO  - https://doi.org/10.1000/ABC.1
KW  - things
ER  -

TY  - JOUR
A1  - Lee, C.
T1  - Second
Y1  - 2019//
JF  - The Journal
SP  - e12
UR  - https://doi.org/10.1000/lee
ER  -
"""
BIBTEX = r"""
@string{jj = "The Journal"}
@article{smith2020,
  author  = {Smith, Anna B. and {\"O}zt{\"u}rk, Karl and {The Trial Group} and van der Berg, Jo},
  title   = {The {Effect} of {\'e}tudes},
  year    = 2020, journal = jj, volume = {12}, number = {3}, pages = {45--56},
  doi     = {10.1000/ABC.1}, abstract = {Long},
}
@article{smith2020, title = {Another with the key of one above}, year = 2021}
"""


def written(folder: Path, text: str, name: str = "refs.ris", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_ris_in_any_of_its_dialects(tmp_path):
    first, second = read_references([written(tmp_path, RIS)]).references
    assert first.cells() == {
        "first_author": "Smith AB", "title": "The effect of things: a long title",
        "authors": "Smith AB; Müller-Lüdenscheidt K; The Trial Group", "year": "2020",
        "journal": "Journal of Clinical Things", "doi": "10.1000/abc.1", "volume": "12",
        "issue": "3", "pages": "45-56",
    }  # fmt: skip
    assert second.cells() == {
        "first_author": "Lee C", "authors": "Lee C", "title": "Second", "year": "2019",
        "journal": "The Journal", "pages": "e12", "doi": "10.1000/lee",
    }  # fmt: skip
    assert read_references([tmp_path / "refs.ris"]).not_read == {"KW": 1, "UR": 1}
    others = (
        ("\ufeff" + RIS.replace("\n", "\r\n"), "utf-8"), (RIS, "utf-16"), (RIS, "cp1252"),
        (RIS.replace("  - ", "  -  "), "utf-8"),
    )  # fmt: skip
    for text, encoding in others:
        again = read_references([written(tmp_path, text, "other.ris", encoding)])
        assert not again.problems
        assert [one.cells() for one in again.references] == [first.cells(), second.cells()]


def test_bibtex_with_latex_strings_and_a_repeated_key(tmp_path):
    found = read_references([written(tmp_path, BIBTEX, "refs.bib")])
    first, second = found.references
    assert first.cells() == {
        "first_author": "Smith AB", "title": "The Effect of études",
        "authors": "Smith AB; Öztürk K; The Trial Group; van der Berg J", "year": "2020",
        "journal": "The Journal", "doi": "10.1000/abc.1", "volume": "12", "issue": "3",
        "pages": "45-56",
    }  # fmt: skip
    assert second.title == "Another with the key of one above"
    assert found.not_read == {"abstract": 1}


@each(
    "name, old, new, line, problem",
    [
        ("no end", "UR  - https://doi.org/10.1000/lee\nER  -\n", "", None, "does not end"),
        ("no end between", "KW  - things\nER  -\n", "", 16, "before the one above ended"),
        ("no beginning", "TY  - JOUR\nA1", "A1", 18, "a line outside of a record"),
        ("text before", "TY  - JOUR\nAU", "hello\nTY  - JOUR\nAU", 1, "outside of a record"),
        ("nothing to tell it by", "T1  - Second", "N1  - x", None, ""),
    ],
)
def test_faults_of_ris_are_told_by_line(tmp_path, name, old, new, line, problem):
    text = RIS.replace(old, new)
    assert text != RIS
    if not problem:
        text = text.replace("UR  - https://doi.org/10.1000/lee\n", "")
        problem = "without a title and without a DOI"
    problems = read_references([written(tmp_path, text)]).problems
    assert any(problem in one.problem and one.row == line for one in problems), problems


def test_other_files_are_refused(tmp_path):
    with pytest.raises(UmbrellaError, match="no reference is in it"):
        read_references([written(tmp_path, "a,b\n1,2\n")])
    with pytest.raises(UmbrellaError, match="nowhere"):
        read_references([tmp_path / "nowhere.ris"])
    broken = written(tmp_path, "@article{a, title={x}}\n@article{b, title={unclosed\n", "b.bib")
    [problem] = read_references([broken]).problems
    assert problem.row == 2


@each(
    "text, author, family",
    [
        ("Smith, A. B.", "Smith AB", "Smith"), ("Smith AB", "Smith AB", "Smith"),
        ("de Oliveira, João-Pedro", "de Oliveira JP", "de Oliveira"),
        ("King, Martin L., Jr.", "King ML Jr", "King"), ("O'Neil, Á", "O'Neil Á", "O'Neil"),
        ("The COVID Group", "The COVID Group", "The COVID Group"), ("Li, WX", "Li WX", "Li"),
    ],
)  # fmt: skip
def test_authors_as_family_and_initials(text, author, family):
    assert (author_of(text), family_of(author_of(text))) == (author, family)


@each(
    "text, wanted",
    [
        ("10.1000/a(b)c", "10.1000/a(b)c"), ("https://dx.doi.org/10.1000/A(B)C.", "10.1000/a(b)c"),
        ("doi: 10.1000/a(b),", "10.1000/a(b)"), ("(doi:10.1000/a)", "10.1000/a"),
        ("<https://doi.org/10.1000/a>", "10.1000/a"), ("not one", ""),
        ('<a href="https://doi.org/10.1000/a">b</a>', "10.1000/a"),
        ("10.1002/(SICI)1097(1998)17:15<1661::AID>3.0.CO;2-2",
         "10.1002/(sici)1097(1998)17:15<1661::aid>3.0.co;2-2"),
        ("https://doi.org/10.1002/(SICI)1097(1998)17:15%3C1661::AID%3E3.0.CO;2-2",
         "10.1002/(sici)1097(1998)17:15<1661::aid>3.0.co;2-2"),
    ],
)  # fmt: skip
def test_doi_without_its_resolver(text, wanted):
    assert tidy_doi(text) == wanted


@each("behind", ["", "/abstract", "/full", ".pdf", "/pdf?download=true", "#section-2", "&type=x"])
def test_doi_in_the_address_of_a_publisher(behind):
    assert doi_of_link(f"https://publisher.example/doi/10.1000/abc{behind}") == "10.1000/abc"


@each(
    "text, line, problem",
    [
        ('@article{a, title = "The " # jj, year = 2020}', 1, "joined by #"),
        ("@article{a, title = {A {b}, year=2020}\n@article{b, title={B}}", 1, "block start"),
        ("@article{a, title={A}, title={B}}", 1, "Duplicate field keys on entry: 'title'."),
        ("@article{a, author={a, b, c, d}, title={A}}", 1, "Too many commas"),
    ],
)
def test_faults_of_bibtex_are_told_by_line(tmp_path, text, line, problem):
    [found] = read_references([written(tmp_path, text, "x.bib")]).problems
    assert found.row == line
    assert problem in found.problem


def test_what_programs_write_beside_references(tmp_path):
    """Ovid numbers records; BibTeX names others; a string is of each entry with a repeated key."""
    numbered = "1. \nTY  - JOUR\nTI  - A\nER  - \n\n2.\nTY  - JOUR\nTI  - B\nER  - \n"
    found = read_references([written(tmp_path, numbered)])
    assert ([one.title for one in found.references], found.problems) == (["A", "B"], [])
    again = BIBTEX.replace("van der Berg, Jo", "others").replace("2021}", "2021, journal = jj}")
    found = read_references([written(tmp_path, again, "x.bib")])
    assert found.references[0].authors == ["Smith AB", "Öztürk K", "The Trial Group"]
    assert found.not_read["authors that are not named"] == 1
    assert found.references[1].journal == "The Journal"
    with pytest.raises(UmbrellaError, match="line 2: a NUL character"):
        read_references([written(tmp_path, "TY  - JOUR\nTI  - A\0\nER  - \n")])


def rows(*cells: dict[str, str]) -> list[dict[str, str]]:
    empty = dict.fromkeys(("first_author", *FIELDS), "")
    return [{**empty, "meta_analysis_id": f"M{n}", **one} for n, one in enumerate(cells, start=1)]


def test_each_way_in_which_a_reference_is_matched(tmp_path):
    references = read_references([written(tmp_path, RIS)]).references
    there = rows(
        {"doi": "doi:10.1000/LEE", "title": "Kept as it is", "year": "2019"},
        {"first_author": "Smith A", "year": "2020", "title": "Smith 2020"},
    )
    done = plan(there, references, only_known=False)
    assert {place: ref.year for place, ref in done.matched.items()} == {0: "2019", 1: "2020"}
    assert done.filled[1]["title"] == "The effect of things: a long title"
    assert "title" not in done.filled[0]
    assert not done.new
    told = "\n".join(done.told)
    assert "M1: Lee 2019 (refs.ris, record 2) by DOI; filled in: first author, authors" in told
    assert "M1: title 'Kept as it is' stays; the reference has 'Second'" in told
    assert "by first author and year" in told


def test_who_is_not_the_same_becomes_a_row_of_its_own(tmp_path):
    references = read_references([written(tmp_path, RIS)]).references
    there = rows({"first_author": "Smith A", "year": "2020", "title": "Quite another paper"})
    done = plan(there, references, only_known=False)
    assert [row["meta_analysis_id"] for row in done.new] == ["Smith2020", "Lee2019"]
    assert any("another paper of author and year than M1" in told for told in done.told)
    left = plan(there, references, only_known=True)
    assert (left.new, left.n_left) == ([], 2)
    both = rows(*[{"title": "Second", "year": "2019"}] * 2)
    left = plan(both, references[1:], only_known=False)
    assert left.n_left == 1
    assert "may be M1, M2" in left.told[0]


def test_a_row_is_of_the_reference_that_is_surely_its_own(tmp_path):
    """Author and year alone decide between no two, and take no row from a DOI."""
    two = "".join(
        f"TY  - JOUR\nAU  - Smith, {name}\nPY  - 2020\nTI  - {title}\n{doi}ER  -\n"
        for name, title, doi in (("A", "One", ""), ("B", "Two", "DO  - 10.1000/two\n"))
    )
    references = read_references([written(tmp_path, two)]).references
    for doi, wanted, n_left in (("", {}, 2), ("10.1000/two", {0: "Two"}, 0)):
        there = rows({"first_author": "Smith", "year": "2020", "doi": doi})
        done = plan(there, references, only_known=False)
        assert {place: one.title for place, one in done.matched.items()} == wanted
        assert (done.n_left, len(done.new)) == (n_left, 1 if doi else 0)


def test_duplicates_are_told_and_complete_each_other(tmp_path):
    same = "TY  - JOUR\nTI  - Effect of things - A LONG title\nPY  - 2020\nER  -\n"
    by_doi = "TY  - JOUR\nTI  - Zweite\nDO  - 10.1000/LEE\nVL  - 9\nER  -\n"
    other = "TY  - JOUR\nTI  - Second\nPY  - 2019\nDO  - 10.1000/other\nER  -\n"
    references = read_references([written(tmp_path, RIS + same + by_doi + other)]).references
    done = plan([], references, only_known=False)
    assert (len(done.new), done.n_duplicates) == (3, 2)
    assert done.new[1]["volume"] == "9"
    told = "\n".join(done.told)
    assert "(refs.ris, record 3): a duplicate of Smith 2020 (refs.ris, record 1) by title" in told
    assert "(refs.ris, record 4): a duplicate of Lee 2019 (refs.ris, record 2) by DOI" in told
    assert "another DOI; kept as another one" in told


def test_what_the_manuscript_writes_is_read_again(tmp_path):
    """References of the shipped review in RIS, imported into the review: nothing is new."""
    empty = dict.fromkeys(("authors", "volume", "issue", "pages", "citation_label"), "")
    with (project_dir() / "seeds/extraction/meta_analyses.csv").open(encoding="utf-8") as file:
        there = [empty | row for row in csv.DictReader(file) if row["title"]]
    there[0] |= {"authors": "Smith AB; Lee C", "volume": "1", "issue": "2", "pages": "3-4"}
    references = read_references([written(tmp_path, ris(there))]).references
    wanted = [{k: " ".join(str(row[k] or "").split()) for k in FIELDS} for row in there]
    for reference, row in zip(references, wanted, strict=True):
        cells = {name: reference.cells().get(name, "") for name in FIELDS}
        assert cells["doi"] == row["doi"].lower()
        for name in ("year", "journal", "volume", "issue", "pages"):
            assert cells[name] == row[name]
    done = plan(there, references, only_known=False)
    assert (done.new, done.n_left) == ([], 0)
    assert len(done.matched) == len(there)


def test_a_folder_is_made_and_filled_in(tmp_path, invoke):
    done = invoke("import", "references", written(tmp_path, RIS), tmp_path / "mine")
    assert done.exit_code == 0, done.stderr
    assert "Read 2 references: 0 filled in, 0 complete before, 2 new" in done.stdout
    sheet = tmp_path / "mine/extraction/meta_analyses.csv"
    with sheet.open(encoding="utf-8") as file:
        made = {row["meta_analysis_id"]: row for row in csv.DictReader(file)}
    assert made["Smith2020"]["pages"] == "45-56"
    assert made["Smith2020"]["eligibility"] == "included"
    assert made["Smith2020"]["delivery"] == "unclear"
    before = sheet.read_bytes()
    again = invoke("import", "references", tmp_path / "refs.ris", "--into", tmp_path / "mine")
    assert "0 filled in, 2 complete before, 0 new" in again.stdout
    assert sheet.read_bytes() == before


def test_a_file_is_not_taken_for_the_folder_to_make(tmp_path, invoke):
    done = invoke("import", "references", written(tmp_path, RIS), tmp_path / "more.bib")
    assert done.exit_code == 2
    assert "last stands the folder" in done.stderr
    assert not (tmp_path / "more.bib").exists()


def test_a_copy_of_a_workbook_is_filled_in(tmp_path, invoke):
    book = tmp_path / "mine.xlsx"
    assert invoke("new", book).exit_code == 0
    into_empty = invoke("import", "references", written(tmp_path, RIS), "--into", book)
    assert "2 new" in into_empty.stdout, into_empty.stderr
    cells = openpyxl.load_workbook(book)
    sheet = cells["meta_analyses"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(3, columns["meta_analysis_id"]).value = "Lee2019"
    sheet.cell(3, columns["first_author"]).value = "Lee C"
    sheet.cell(3, columns["year"]).value = 2019
    cells.save(book)
    before = book.read_bytes()
    done = invoke("import", "references", written(tmp_path, RIS), "--into", book)
    assert done.exit_code == 0, done.stderr
    assert book.read_bytes() == before
    filled = openpyxl.load_workbook(tmp_path / "mine.references.xlsx")["meta_analyses"]
    found = {
        name: filled.cell(row, columns[name]).value
        for row, name in ((3, "title"), (3, "doi"), (3, "pages"), (4, "volume"))
    }
    assert found == {"title": "Second", "doi": "10.1000/lee", "pages": "e12", "volume": "12"}
    assert filled.cell(4, columns["year"]).value == 2020
