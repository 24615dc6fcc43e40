"""Sheets of other programs in any locale and spelling of their headers; tables of metafor."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.python.cases import each
from umbrella.errors import UmbrellaError
from umbrella.importing import metapsy, metaumbrella
from umbrella.importing.layout import Layout
from umbrella.importing.rows import Declared
from umbrella.importing.source import read_source
from umbrella.importing.tables import propose_map, read_tables

METAUMBRELLA = (
    ("meta_review", "factor", "author", "year", "measure", "value", "ci_lo", "ci_up",
     "n_cases", "n_controls", "rob"),
    ("Nunez 2020", "Smoking", "Müller", 2001, "OR", 1.5, 1.125, 2, 1250, 1600, "low"),
    ("Nunez 2020", "Smoking", "Ash", 2002, "OR", 2.25, 1.25, 4.05, 40, 50, "high"),
)  # fmt: skip
METAPSY = (
    ("study", "condition_arm1", "condition_arm2", "instrument", "mean_arm1", "sd_arm1", "n_arm1",
     "mean_arm2", "sd_arm2", "n_arm2", ".g", ".g_se", "time_weeks", "rob"),
    ("Müller, 2012", "cbt", "wl", "phq-9", 12.94, 6.26, 49, 18.88, 4.18, 51, 1.1, 0.215, 8,
     "Some concerns"),
    ("Birch, 2015", "cbt", "cau", "bdi-2", 10.5, 5.25, 30, 12.125, 5.5, 31, 0.3, 0.25, 12, "low"),
)  # fmt: skip


def reader(program: str):
    declared = Declared("anxiety", "symptom")
    if program == "metaumbrella":
        return lambda source: metaumbrella.read_rows(source, declared)
    return lambda source: metapsy.read_rows(source, declared, metapsy.Signs(), "set")


def as_csv(records, separator: str = ",", mark: str = ".") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    for record in records:
        writer.writerow(
            [str(cell).replace(".", mark) if isinstance(cell, float) else cell for cell in record]
        )
    return text.getvalue()


def written(folder: Path, records, dialect: str) -> Path:
    """A file of one name in a dialect, so that places are told alike."""
    name = "sheet.xlsx" if dialect == "workbook" else "sheet.csv"
    path = folder / name
    if dialect == "workbook":
        book = openpyxl.Workbook()
        for record in records:
            book.active.append(record)
        book.save(path)
        return path
    text = {
        "commas": as_csv(records),
        "German": "sep=;\r\n" + as_csv(records, ";", ","),
        "Windows": as_csv(records, ";", ","),
        "tabs": as_csv(records, "\t", ","),
        "capitals": as_csv([[f" {name.title()} " for name in records[0]], *records[1:]]),
        "middle dots": as_csv(records, ";", "\u00b7"),
    }[dialect]
    encoding = {"Windows": "cp1252", "tabs": "utf-16"}.get(dialect, "utf-8")
    path.write_bytes(text.encode(encoding))
    return path


DIALECTS = ("German", "Windows", "tabs", "capitals", "middle dots", "workbook")


@each(
    "program, dialect",
    [(program, dialect) for program in ("metaumbrella", "metapsy") for dialect in DIALECTS],
)
def test_each_dialect_gives_the_same_rows(tmp_path, program, dialect):
    records = METAUMBRELLA if program == "metaumbrella" else METAPSY
    plain = read_source(written(tmp_path, records, "commas"))
    wanted = reader(program)(plain)
    source = read_source(written(tmp_path, records, dialect))
    found = reader(program)(source)
    assert not plain.problems
    assert not source.problems

    def cells(imported):
        return [
            {name: value for name, value in row.items() if name not in ("locator", "notes")}
            for row in imported.trials
        ]

    assert cells(found) == cells(wanted)
    assert len(cells(wanted)) == len(records) - 1


def test_sheets_of_programs_are_sent_to_their_own_import(tmp_path):
    for records, words in ((METAUMBRELLA, "umbrella import metaumbrella"),
                           (METAPSY, "umbrella import metapsy")):  # fmt: skip
        path = written(tmp_path, records, "capitals")
        with pytest.raises(UmbrellaError, match=words):
            propose_map(path, "", Layout())
        with pytest.raises(UmbrellaError, match=words):
            read_tables(path, "trials", Layout())


TABLES = {
    "counts of both arms": (
        "id;study;year;ai;n1i;ci;n2i\n1;Ash;2001;4;40;5;41\n2;Birch;2005;0;30;3;31\n",
        {"events_intervention": "4", "total_intervention": "40", "events_control": "5",
         "total_control": "41", "measure": "odds_ratio"},
    ),
    "cells of a 2 x 2 table": (
        "trial,author,year,tpos,tneg,cpos,cneg\n1,Ash,2001,4,36,5,36\n2,Birch,2005,0,30,3,28\n",
        {"events_intervention": "4", "total_intervention": "40", "total_control": "41"},
    ),
    "with what escalc adds": (
        'study,author,year,ai,bi,ci,di,yi,vi\n1,Ash,2001,4,36,5,36,"-0.2231","0.5056"\n',
        {"events_control": "5", "total_control": "41", "estimate": None},
    ),
    "effects and variances": (
        "study;author;year;n1i;n2i;yi;vi\n1;Ash;2001;77;339;0,03;0,0156\n",
        {"estimate": "0.03", "estimate_se": f"{math.sqrt(0.0156):.10g}", "measure": "smd"},
    ),
    "logarithms": (
        "author,year,yi,sei\nAsh,2001,0.5,0.25\n",
        {"estimate": f"{math.exp(0.5):.10g}", "estimate_se": "0.25", "measure": "odds_ratio"},
    ),
    "means": (
        "study,source,n1i,m1i,sd1i,n2i,m2i,sd2i\n1,Edinburgh,155,55,47,156,75,64\n",
        {"mean_intervention": "55", "sd_control": "64", "n_control": "156"},
    ),
    "events over time": (
        "study,authors,year,x1i,t1i,x2i,t2i\n1,Ash et al.,1998,7,1344,11,1988\n",
        {"events_intervention": "7", "time_control": "1988", "measure": "incidence_rate_ratio"},
    ),
}  # fmt: skip
MEASURES = {"effects and variances": "smd", "logarithms": "log_odds_ratio"}


@each("name", TABLES)
def test_tables_as_metafor_has_them(tmp_path, name):
    """Running numbers are no trials, ci is no interval beside ai, yi and vi are computed."""
    text, wanted = TABLES[name]
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    measure = MEASURES.get(name)
    layout = Layout(condition="C", outcome="O", kind="interventions", favours={"": "negative"})
    layout = replace(layout, measures={"": measure} if measure else {})
    [(source, imported)] = read_tables(path, "trials", layout)
    assert not source.problems, source.problems
    first = imported.trials[0]
    assert {key: first.get(key) for key in wanted} == wanted
    assert first["study"].startswith(("Ash", "Edinburgh"))
