"""Tables whose rows a reader may choose: whole without a script, chosen from with it."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

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


NUMBERS = ("12 345", "−0.5 (−1 to 0)", "NR", "+7", "<0.001", "not known")


def numbers_table() -> DataTable:
    """A table with a column of numbers as pages print them, and of words."""
    words = ("b", "Å", "a", "c10", "c9", "–")
    rows = tuple(zip(words, (n.replace(" 3", "\u20093") for n in NUMBERS), strict=True))
    return DataTable("Numbers", ("Word", "Number"), rows, frozenset({"Number"}))


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
