"""Tables whose rows a reader may choose: whole without a script, chosen from with it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from reports import formats
from reports.pages.model import DetailsBlock, Page, Section, TableBlock
from reports.site import page_html
from reports.tables import DataTable
from tests.python.reports.browsing import window

from .fixture_warehouse import REVIEW

pytestmark = pytest.mark.browser

ROWS = (
    ("Effect of <b>one</b>", "Reproduced", "Abstract"),
    ("Effect of two", "Contradicted", "Abstract"),
    ("Effect of three", "Contradicted", "Results | Discussion"),
)


WIDE = 10
"""Columns of a table from which readers may choose."""
MANY = 16
"""Rows of a table in which readers may look for words."""
NUMBERS = ("12 345", "−0.5 (−1 to 0)", "NR", "+7", "<0.001", "not known")


def numbers_table() -> DataTable:
    """A table with a column of numbers as pages print them, and of words."""
    words = ("b", "Å", "a", "c10", "c9", "–")
    rows = tuple(zip(words, (n.replace(" 3", "\u20093") for n in NUMBERS), strict=True))
    return DataTable("Numbers", ("Word", "Number"), rows, frozenset({"Number"}))


def wide_table() -> DataTable:
    """A table of many rows and columns, whose numbers stand behind words."""
    values = [(-7 * i) % MANY for i in range(MANY)]
    rows = tuple(
        (f"Row {value}", formats.estimate(value, None, None).after("SMD"), *["x"] * (WIDE - 2))
        for value in values
    )
    columns = ("Name", "Result", *(f"Column {i}" for i in range(3, WIDE + 1)))
    return DataTable("Wide", columns, rows, frozenset({"Result"}))


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A page with a table to choose from, as a file."""
    table = DataTable("All", ("Statement", "Verdict", "Section"), ROWS, frozenset())
    page = Page(
        slug="index",
        label="T",
        title="T",
        sections=(
            Section("s", "S", (), (TableBlock("t", table, filters=("Verdict",)),)),
            Section("d", "D", (), (DetailsBlock("more", "More", table),)),
            Section("f", "F", (), (TableBlock("n", numbers_table()),), is_folded=True),
            Section("w", "W", (), (DetailsBlock("wide", "Wide", wide_table()),)),
        ),
    )
    path = tmp_path / "index.html"
    path.write_text(page_html(page, [page], REVIEW), encoding="utf-8")
    return path.as_uri()


def test_rows_are_chosen_by_column_and_words_under_the_policy(
    browser: Browser, address: str
) -> None:
    with window(browser) as shown:
        page, faults = shown.page, []
        page.on("console", lambda message: faults.append(message.text))
        page.goto(address)

        def seen() -> list[str]:
            rows = page.locator("#t tbody tr").all()
            return [row.locator("th").inner_text() for row in rows if row.is_visible()]

        assert len(seen()) == 3
        assert page.locator("#t option").all_inner_texts() == [
            "Any (3)",
            "Reproduced (1)",
            "Contradicted (2)",
        ]
        page.get_by_label("Verdict").select_option("Contradicted")
        assert seen() == ["Effect of two", "Effect of three"]
        page.get_by_label("Words in the row").fill("RESULTS |")
        assert seen() == ["Effect of three"]
        assert page.locator("#t output").inner_text() == "1 of 3 rows"
        page.get_by_label("Verdict").select_option("")
        page.get_by_label("Words in the row").fill("<b>")
        assert seen() == ["Effect of <b>one</b>"]
        page.keyboard.press("Enter")
        assert page.url == address
        assert faults == []


def test_without_scripts_the_table_is_whole(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("#t tbody tr:visible").count() == 3
    assert page.locator("#t form").count() == 0
    context.close()


def test_an_address_opens_the_details_that_it_names(browser: Browser, address: str) -> None:
    with window(browser) as shown:
        page = shown.page
        page.goto(f"{address}#more")
        assert page.locator("#more table").is_visible()
        page.goto(f"{address}#t")
        page.locator("#more summary").click()
        assert not page.locator("#more table").is_visible()
        page.evaluate("location.hash = 'more'")
        page.locator("#more table").wait_for(state="visible")


def test_a_table_is_sorted_by_a_column_and_back(browser: Browser, address: str) -> None:
    with window(browser) as shown:
        page, faults = shown.page, []
        page.on("console", lambda message: faults.append(message.text))
        page.goto(f"{address}#n")
        assert page.locator("#n table").is_visible(), "an address opens what is folded"
        head = page.locator("#n thead th").nth(1)

        def column(place: int) -> list[str]:
            return page.locator(f"#n tbody tr > :nth-child({place})").all_inner_texts()

        before = column(2)
        head.get_by_role("button", name="Number").focus()
        page.keyboard.press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        assert [before.index(text) for text in column(2)] == [1, 4, 3, 0, 5, 2]
        page.keyboard.press("Enter")
        assert [before.index(text) for text in column(2)] == [5, 0, 3, 4, 1, 2]
        page.get_by_role("button", name="Word").click()
        assert head.get_attribute("aria-sort") == "none"
        assert column(1) == ["a", "Å", "b", "c9", "c10", "–"]
        for _ in range(2):
            page.get_by_role("button", name="Word").click()
        assert column(2) == before
        assert page.locator("#t th button").count() == 0, "three rows need no order"
        assert faults == []


def test_a_folded_table_is_sorted_searched_and_its_columns_chosen(
    browser: Browser, address: str
) -> None:
    with window(browser) as shown:
        page = shown.page
        shown.open(address)
        assert page.locator("#wide form").count() == 0, "what is folded waits"
        page.locator("#wide > summary").click()
        form = page.get_by_role("form", name="What to show of: Wide")
        form.get_by_label("Words in the row").fill("row 1")
        assert form.locator("output").inner_text() == "7 of 16 rows"
        form.get_by_label("Words in the row").fill("")
        page.get_by_role("button", name="Result").click()
        names = page.locator("#wide tbody th").all_inner_texts()
        assert names == [f"Row {i}" for i in range(MANY)], "by its number, not by its text"
        form.get_by_text("Columns").click()
        boxes = form.get_by_role("checkbox")
        assert boxes.count() == WIDE - 1, "the name of a row stays"
        form.get_by_label("Column 3").uncheck()
        for cells in ("thead th", "tbody td"):
            hidden = page.locator(f"#wide {cells}:not(:visible)").count()
            assert hidden == page.locator(f"#wide {cells}").count() // (
                WIDE if cells == "thead th" else WIDE - 1
            )
        page.emulate_media(media="print")
        assert page.locator("#wide form").is_hidden()
        assert shown.events == []


def test_numbers_align_right_by_the_place_of_their_column(browser: Browser, address: str) -> None:
    with window(browser) as shown:
        shown.open(f"{address}#n")
        look = "getComputedStyle(document.querySelector('#n tbody tr > :nth-child({})')).textAlign"
        assert [shown.page.evaluate(look.format(place)) for place in (1, 2)] == ["left", "right"]


def test_an_estimate_sorts_by_its_value() -> None:
    said = formats.estimate(-0.5, -1.0, 0.0).after("SMD")
    assert (said, said.value) == ("SMD \u22120.50 (\u22121.00 to 0.00)", -0.5)
    assert formats.estimate(None, None, None).value is None
    assert formats.percentage(35.27, 30.1, 40.8).value == 35.27
