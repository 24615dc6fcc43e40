"""The figure of pairs of rates draws and says what its rows hold."""

from collections.abc import Callable

from reports import tables as data_tables
from reports import theme
from reports.figure import Figure, Tables
from tests.python.reports.conftest import Drawing, alt_text, fills, redraw, text_lines, texts, title

Draw = Callable[[str], list[Drawing]]


def test_every_pair_has_both_rates_and_their_difference(drawings: Draw) -> None:
    [(_, svg)] = drawings("pairs_dropout")
    lines = list(text_lines(svg).values())
    for expected in (
        ["Source", "Guided", "Unguided", "Points", "Relative"],
        ["Büscher R 2020, suicidal ideation", "26.7 to 30.8%", "9.5 to 74.0%", "–", "–"],
        ["Torous J 2020, depression", "11.7%", "34.0%", "−22.2", "−65%"],
        ["Karyotaki E 2021, depression", "33.0%", "30.0%", "3.0", "10%"],
    ):
        assert expected in lines
    headings = ["Definition not stated", "Left the study"]
    assert [line[0] for line in lines if line[0] in headings] == headings


def test_both_rates_are_drawn_where_they_are_percentages(drawings: Draw) -> None:
    [(_, svg)] = drawings("pairs_dropout")
    assert fills(svg, theme.RECOMMENDED.light, theme.RECOMMENDED.light) == 3
    assert fills(svg, theme.PAPER.light, theme.INK.light) == 3


def test_title_and_notes_are_those_of_the_rows(
    figures: dict[str, Figure], tables: Tables, drawings: Draw
) -> None:
    figure = figures["pairs_dropout"]
    assert title(figure, tables) == f"{figure.title}: {tables['rpt_rate_pairs'][0]['summary']}"
    rows = [row | {"summary": None, "published": None} for row in tables["rpt_rate_pairs"]]
    changed = {**tables, "rpt_rate_pairs": rows}
    assert title(figure, changed) == figure.title
    said = " ".join(texts(drawings("pairs_dropout")[0][1]))
    assert "sometimes by as much as 30 to 40%" in said
    assert "<b>Riper</b> & Sons, addiction: outcome mixes conditions." in said
    [svg] = redraw(figure, changed)
    assert "published review" not in " ".join(texts(svg))


def test_the_description_and_the_table_tell_every_pair(
    figures: dict[str, Figure], tables: Tables
) -> None:
    figure = figures["pairs_dropout"]
    said = alt_text(figure, tables)
    assert said.startswith("Dot plot of 4 pairs of percentages.")
    assert "Torous J 2020, depression: guided 11.7%, unguided 34.0%." in said
    table = data_tables.data_table(figure, tables)
    assert [row[6] for row in table.rows] == ["–", "–", "0.80 (0.60 to 1.07)", "–"]
    assert [row[4] for row in table.rows] == ["–", "−22.2", "−5.0", "3.0"]
