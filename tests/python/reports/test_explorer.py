"""The page that pools again: its data and chart, and what a reader does with it in a browser."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from reports import explorer, html, site, text, theme
from reports.charts.scale import Scale
from reports.exports import open_tables
from reports.figure import Row, Tables
from reports.pages import explorer as explorer_page
from reports.pages.model import Content
from reports.workshop import Cache
from tests.python.reports.browsing import DESKTOP, LOW_CONTRAST, PAPER, PHONE, window
from tests.python.reports.fixture_explorer import MARKUP, expected

NUMBERS = ("estimate", "ci_low", "ci_high", "tau2", "i2", "q")
READY = "document.querySelectorAll('#explorer-live tr').length > 0"
LIVE = """() => Object.fromEntries([...document.querySelectorAll("#explorer-live data")]
  .map((item) => [item.className, Number(item.value)]))"""
LABELS = """() => [...document.querySelectorAll("#explorer-members th")]
  .map((cell) => cell.textContent)"""
# Name of each control as the label says it.
NAMES = """() => [...document.querySelectorAll("#explorer-form select, #explorer-form input")]
  .map((control) => [control.id, [...control.labels].map((label) => label.textContent).join()])"""
TOLERANCE = 1e-9
# Filter, what is typed or chosen, and which members pass.
FILTERED: tuple[tuple[str, str, Callable[[Row], bool]], ...] = (
    ("comparator", "active", lambda row: row["comparator_class"] == "active"),
    ("guidance", "unguided", lambda row: row["guidance"] == "unguided"),
    ("source", "full text", lambda row: row["source_kind"] == "full_text"),
    ("min_amstar", "5", lambda row: (row["amstar_score"] or 0) >= 5),
    ("min_trials", "20", lambda row: (row["n_trials"] or 0) >= 20),
    ("year_from", "2018", lambda row: row["year"] >= 2018),
    ("year_to", "2016", lambda row: row["year"] <= 2016),
    ("smd_from", "0.4", lambda row: row["yi"] >= 0.4),
    ("smd_to", "0.4", lambda row: row["yi"] <= 0.4),
)


def content_of(tables: Tables) -> Content:
    """All that the page is made from, without figures."""
    return Content(tables=tables, drawn=(), review={}, database=Path("not read"))


def write_page(tables: Tables, folder: Path) -> Path:
    """The page alone."""
    [page] = explorer_page.pages(content_of(tables))
    target = folder / page.file_name
    target.write_text(site.page_html(page, [page], {}), encoding="utf-8")
    return target


def members_of(tables: Tables, analysis: str) -> list[Row]:
    """Members of an analysis."""
    return [row for row in tables["rpt_explorer"] if row["analysis_id"] == analysis]


def pooled(rows: Iterable[Row]) -> dict[str, float]:
    """What the live pool must give, by other code."""
    found = expected([(row["yi"], row["vi"]) for row in rows])
    return {("i2" if name == "i2_q" else name): value for name, value in found.items()}


def assert_equal(live: Mapping[str, float], wanted: Mapping[str, float]) -> None:
    """Each number that is wanted is there."""
    for name in NUMBERS:
        if wanted.get(name) is not None and ("q" in live or name in NUMBERS[:3]):
            assert live[name] == pytest.approx(wanted[name], rel=0, abs=TOLERANCE), name


@pytest.fixture(scope="module")
def file(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the made-up review."""
    return write_page(tables, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def facts(file: Path) -> dict[str, Any]:
    """What the page gives its script."""
    return json.loads(
        re.search(r'id="explorer-facts">(.*?)</script>', file.read_text(), re.DOTALL)[1]
    )


@pytest.mark.parametrize("layout", explorer.LAYOUTS.values(), ids=explorer.LAYOUTS)
def test_the_chart_is_valid(layout: explorer.Layout) -> None:
    chart = explorer.live_chart(layout, Scale((-0.5, 1.5), layout.plot), (2010, 2020), 0.95)
    chart.to_dict(validate=True)


def test_each_filter_has_one_control_and_the_chart_is_bound_to_it(
    file: Path, facts: dict[str, Any], tables: Tables
) -> None:
    controls = [item.name for item in explorer_page.controls(tables["rpt_explorer"])]
    assert sorted(controls) == sorted([*explorer.FILTERS, explorer.BRUSH_MODE])
    text = file.read_text()
    for layout in facts["layouts"].values():
        signals = {item["name"]: item for item in layout["chart"]["signals"]}
        for name in controls:
            element = signals[name]["bind"]["element"]
            assert text.count(f'id="{element.removeprefix("#")}"') == 1


def test_every_member_and_pool_is_on_the_page(facts: dict[str, Any], tables: Tables) -> None:
    names = ("analysis_id", "effect_id", "yi", "vi", "source_locator")
    shown = [[row[name] for name in names] for row in facts["members"]]
    assert shown == [[row[name] for name in names] for row in tables["rpt_explorer"]]
    keys = [(pool["analysis_id"], pool["policy_id"]) for pool in facts["pools"]]
    analyses = {row["analysis_id"] for row in tables["rpt_explorer"]}
    assert sorted(keys) == sorted((a, policy) for a in analyses for policy in explorer.POLICIES)
    assert [pool["row"] for pool in facts["pools"]] == sorted(p["row"] for p in facts["pools"])


def test_texts_of_a_member(tables: Tables) -> None:
    row = dict(tables["rpt_explorer"][0]) | {
        "yi": -0.204,
        "ci_low": -3.0,
        "ci_high": 0.25,
        "n_trials": None,
        "n_participants": 12567,
        "amstar_score": None,
    }
    [made] = explorer.member_rows([row], (-0.5, 1.5))
    assert made["result"] == "−0.20 (−3.00 to 0.25)"
    assert (made["trials"], made["participants"], made["amstar"]) == (
        "NR",
        "12\u2009567",
        "not rated",
    )
    assert (made["shown_low"], made["shown_high"]) == (-0.5, 0.25)
    assert (made["is_cut_low"], made["is_cut_high"]) == (True, False)


def test_a_pool_without_a_result_is_left_out(tables: Tables) -> None:
    rows = [row for row in tables["fct_pooled_effects"] if row["analysis_id"] == "stress"]
    changed = [
        row | {"estimate": None} if row["policy_id"] == "seed_paper" else row for row in rows
    ]
    assert [pool["policy_id"] for pool in explorer.pool_rows(changed)] == ["recommended"]


def test_a_field_that_no_data_set_computes() -> None:
    chart = explorer.compiled(explorer.NARROW, (-0.5, 1.5), (2010, 2020), 0.95, Cache(None))
    assert explorer.data_set(chart, "se") != explorer.data_set(chart, "weight_text")
    with pytest.raises(KeyError, match="nothing"):
        explorer.data_set(chart, "nothing")


def test_without_members_there_is_no_page(tables: Tables) -> None:
    empty = {**tables, "rpt_explorer": []}
    assert explorer_page.pages(content_of(empty)) == []


def test_years_that_are_not_known(tables: Tables) -> None:
    rows = [row | {"year": None} for row in tables["rpt_explorer"]]
    assert explorer_page.years_of(rows) == (1900, 2100)
    assert explorer_page.years_of(tables["rpt_explorer"]) == (2010, 2023)


def test_json_inside_a_page_ends_no_element() -> None:
    text = html.embedded({"a": "</script><b>"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><b>"}
    with pytest.raises(ValueError, match="Out of range float"):
        html.embedded([float("nan")])


def test_content_policy_names_what_a_page_may_do() -> None:
    plain = html.content_policy()
    assert "script-src" not in plain
    full = html.content_policy(
        ["p{}"], ["one", "two"], {"script-src": ("'wasm-unsafe-eval'",), "worker-src": ("blob:",)}
    )
    assert f"{html.digest('one')} {html.digest('two')} 'wasm-unsafe-eval'" in full
    assert f"{html.digest(html.style_sheet())} {html.digest('p{}')}; " in full
    assert full.endswith("; worker-src blob:")


def until(page: Page, expression: str) -> None:
    """Wait for an expression to be true; what waits inside the page would need its eval."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"It is never true that {expression}")


@contextmanager
def opened(
    browser: Browser, file: Path, viewport: Mapping[str, int] = DESKTOP, scheme: str = "light"
) -> Iterator[tuple[Page, list[str]]]:
    """The drawn page, offline, with everything it complained about or asked for."""
    with window(browser, viewport, scheme) as shown:
        shown.open(file.as_uri())
        until(shown.page, READY)
        assert shown.events == []
        yield shown.page, shown.events


def fill(page: Page, name: str, value: str) -> None:
    """Choose or type a value."""
    control = page.locator(f"#{explorer.control_id(name)}")
    if control.evaluate("(node) => node.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)


def words(page: Page, name: str) -> str:
    """Text of a part of the page."""
    return page.locator(f"#explorer-{name}").text_content()


@pytest.fixture(params=["made-up", pytest.param("shipped", marks=pytest.mark.build)])
def review(
    request: pytest.FixtureRequest, tmp_path: Path, tables: Tables, file: Path
) -> Iterator[tuple[Path, Tables]]:
    """A page and the tables behind it: of the made-up review, or of the shipped one."""
    if request.param == "made-up":
        yield file, tables
        return
    with open_tables(request.getfixturevalue("shipped_database")) as shipped:
        yield write_page(shipped, tmp_path), shipped


@pytest.mark.browser
def test_without_a_filter_the_live_pool_is_the_warehouses(
    browser: Browser, review: tuple[Path, Tables]
) -> None:
    page_file, tables = review
    analyses = {row["analysis_id"]: row["analysis_label"] for row in tables["rpt_explorer"]}
    assert analyses
    with opened(browser, page_file) as (page, events):
        for analysis, label in analyses.items():
            fill(page, "condition", analysis)
            [seed] = [
                row | {"i2": row["i2_q"]}
                for row in tables["fct_pooled_effects"]
                if (row["analysis_id"], row["policy_id"]) == (analysis, "seed_paper")
            ]
            live = page.evaluate(LIVE)
            assert live["k"] == seed["k"]
            assert_equal(live, seed)
            assert words(page, "status").startswith(f"{label}: {seed['k']} of {seed['k']} ")
            assert "the live pool equals the warehouse's result" in words(page, "equality")
        assert events == []


@pytest.mark.browser
@pytest.mark.parametrize(("name", "value", "passes"), FILTERED, ids=[item[0] for item in FILTERED])
def test_a_filter_pools_what_passes(
    browser: Browser,
    file: Path,
    tables: Tables,
    name: str,
    value: str,
    passes: Callable[[Row], bool],
) -> None:
    members = members_of(tables, "depression")
    left = [row for row in members if passes(row)]
    assert 1 < len(left) < len(members)
    with opened(browser, file) as (page, events):
        fill(page, name, value)
        assert sorted(page.evaluate(LABELS)) == sorted(row["citation_label"] for row in left)
        live = page.evaluate(LIVE)
        assert live["k"] == len(left)
        assert_equal(live, pooled(left))
        assert f"{len(left)} of {len(members)} meta-analyses" in words(page, "status")
        out = f"{len(members) - len(left)} of {len(members)} meta-analyses are left out"
        label = page.locator(f"label[for={explorer.control_id(name)}]").text_content()
        assert f"{out} ({label} {value.capitalize()}): " in words(page, "equality")
        fill(page, name, "")
        assert len(page.evaluate(LABELS)) == len(members)
        assert events == []


@pytest.mark.browser
def test_filters_add_up_until_nothing_is_left(browser: Browser, file: Path, tables: Tables) -> None:
    with opened(browser, file) as (page, events):
        fill(page, "year_from", "2015")
        fill(page, "year_to", "2015")
        [only] = [row for row in members_of(tables, "depression") if row["year"] == 2015]
        assert page.evaluate(LABELS) == [only["citation_label"]]
        live = page.evaluate(LIVE)
        assert set(live) == {"estimate", "ci_low", "ci_high", "k"}
        assert_equal(live, pooled([only]))
        fill(page, "guidance", "guided" if only["guidance"] != "guided" else "unguided")
        assert page.evaluate(LABELS) == []
        assert "none of 14" in words(page, "status")
        assert "nothing to pool" in words(page, "live")
        page.get_by_role("button", name="Clear all filters").click()
        until(page, "document.querySelectorAll('#explorer-members tr').length === 14")
        assert page.locator("#explorer-year-from").input_value() == ""
        assert events == []


@pytest.mark.browser
def test_a_rectangle_keeps_or_drops_what_it_covers(
    browser: Browser, file: Path, tables: Tables
) -> None:
    members = {row["citation_label"]: row for row in members_of(tables, "depression")}
    with opened(browser, file) as (page, events):
        plot = page.locator("#explorer-chart .scatter_group path.background").first
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        left, top = box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.2
        page.mouse.move(left, top)
        page.mouse.down()
        page.mouse.move(left + box["width"] * 0.3, top + box["height"] * 0.6, steps=4)
        page.mouse.up()
        kept = page.evaluate(LABELS)
        assert 0 < len(kept) < len(members)
        assert_equal(page.evaluate(LIVE), pooled(members[label] for label in kept))
        fill(page, explorer.BRUSH_MODE, "drop")
        assert "(Rectangle drawn in the chart drops what it covers)" in words(page, "equality")
        dropped = page.evaluate(LABELS)
        assert sorted([*kept, *dropped]) == sorted(members)
        assert_equal(page.evaluate(LIVE), pooled(members[label] for label in dropped))
        page.mouse.dblclick(left + 5, top + 5)
        until(page, "document.querySelectorAll('#explorer-members tr').length === 14")
        assert events == []


@pytest.mark.browser
def test_the_keyboard_alone_is_enough(browser: Browser, file: Path, tables: Tables) -> None:
    with opened(browser, file) as (page, events):
        named = page.evaluate(NAMES)
        assert all(name for _, name in named)
        assert len({name for _, name in named}) == len(named) == len(explorer.FILTERS) + 1
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == named[0][0]:
                break
        page.keyboard.press("ArrowDown")
        assert words(page, "status").startswith("Stress: 3 of 3")
        for key, _ in named[1:]:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.id") == key
            shown = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(shown) != "none"
            if key == explorer.control_id("year_from"):
                page.keyboard.type("2011")
        left = [row for row in members_of(tables, "stress") if row["year"] >= 2011]
        assert page.evaluate(LIVE)["k"] == len(left) == 2
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        until(page, "document.querySelectorAll('#explorer-members tr').length === 14")
        assert events == []


@pytest.mark.browser
def test_screen_readers_are_told(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        assert page.get_by_role("status").text_content().startswith("Depression: 14 of 14")
        chart = page.get_by_role("img", name=re.compile("Depression: 14 of 14"))
        assert chart.count() == 1
        page.locator("summary").click()
        assert page.get_by_role("table", name="Meta-analyses that are left").count() == 1
        amstar = page.get_by_label("AMSTAR, at least")
        hint = page.locator(f"#{amstar.get_attribute('aria-describedby')}")
        assert hint.text_content() == "Leaves out those not rated."


@pytest.mark.browser
def test_the_chart_draws_what_the_table_lists(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        drawn = page.locator("#explorer-chart text").all_text_contents()
        for cells in page.evaluate(
            "[...document.querySelectorAll('#explorer-members tr')]"
            ".map((row) => [...row.cells].slice(0, 5).map((cell) => cell.textContent))"
        ):
            assert set(cells) <= set(drawn)
        assert MARKUP in drawn
        assert "Live pool, k=14" in drawn


@pytest.mark.browser
def test_a_row_tells_its_source(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, events):
        page.locator("#explorer-chart text", has_text=MARKUP).hover()
        told = page.locator(".vg-tooltip.visible")
        assert "Table 1" in told.text_content()
        assert MARKUP in told.text_content()
        styled = told.evaluate("(node) => getComputedStyle(node).position")
        assert styled == "fixed"
        assert events == []


def rgb(colour: str) -> str:
    """A hex colour as a browser prints it."""
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_readable_in_both_schemes_and_widths(
    browser: Browser, file: Path, viewport: Mapping[str, int], scheme: str
) -> None:
    with opened(browser, file, viewport, scheme) as (page, events):
        page.locator("summary").click()
        result = page.evaluate(LOW_CONTRAST)
        assert result["low"] == []
        assert result["checked"] > 100
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        svg = page.locator("#explorer-chart svg").bounding_box()
        assert svg["x"] + svg["width"] <= viewport["width"]
        fills = page.evaluate(
            "[...document.querySelectorAll('#explorer-chart :is(text, path[fill], line[stroke])')]"
            ".map((node) => [getComputedStyle(node).fill, getComputedStyle(node).stroke]).flat()"
        )
        allowed = {rgb(getattr(colour, scheme)) for colour in theme.COLOURS}
        assert set(fills) <= allowed | {"none", "rgba(0, 0, 0, 0)"}
        assert events == []


@pytest.mark.browser
def test_the_chart_follows_the_width_and_the_rows(browser: Browser, file: Path) -> None:
    size = "document.querySelector('#explorer-chart svg').getBoundingClientRect()"
    with opened(browser, file) as (page, events):
        tall = page.evaluate(f"{size}.height")
        fill(page, "condition", "stress")
        until(page, f"{size}.height < {tall} - 100")
        page.set_viewport_size(PHONE)
        until(page, f"{size}.width < 380")
        assert words(page, "status").startswith("Stress: 3 of 3"), "choices survive"
        page.set_viewport_size(DESKTOP)
        until(page, f"{size}.width > 700")
        assert events == []


@pytest.mark.browser
def test_on_paper_the_chart_stays_and_the_controls_go(browser: Browser, file: Path) -> None:
    with opened(browser, file, PAPER) as (page, _):
        page.emulate_media(media="print")
        assert page.locator("#explorer-chart svg").is_visible()
        assert page.locator("#explorer-status").is_visible()
        assert not page.locator("#explorer-form").is_visible()


@pytest.mark.browser
def test_without_scripts_the_page_says_where_to_look(browser: Browser, file: Path) -> None:
    with window(browser, java_script_enabled=False) as shown:
        shown.open(file.as_uri())
        assert not shown.page.locator("#explorer-page").is_visible()


def changed_seed(tables: Tables, **values: Any) -> Tables:
    """Tables in which the seed paper's results have other values."""
    rows = [
        row | values if row["policy_id"] == "seed_paper" else row
        for row in tables["fct_pooled_effects"]
    ]
    return {**tables, "fct_pooled_effects": rows}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"estimate": 0.123}, "one of them is wrong"),
        ({"estimate": 0.123, "tau2_method": "REML"}, "the warehouse's policy"),
        ({"estimate": None}, "no result by the conventional method"),
    ],
    ids=["wrong", "other method", "none"],
)
def test_a_difference_is_told(
    browser: Browser, tables: Tables, tmp_path: Path, values: dict[str, Any], told: str
) -> None:
    page_file = write_page(changed_seed(tables, **values), tmp_path)
    with opened(browser, page_file) as (page, _):
        assert told in words(page, "equality")


def test_a_long_name_ends_before_the_numbers_and_the_tooltip_has_it_whole(tables: Tables) -> None:
    name = "van der Waal-Bartholomeusz and de la Fontaine-Zaragoza 2010a"
    row = {**tables["rpt_explorer"][0], "citation_label": name}
    [made] = explorer.member_rows([row], (-1.0, 1.0))
    assert made["citation_label"] == name
    assert made["short_label"].endswith("… 2010a")
    assert text.width(made["short_label"], theme.TEXT) <= explorer.LABEL_LIMIT
