"""One page per condition: everything that is known about it."""

from reports.pages.model import Content, Page, Section, pick


def condition_file(condition: str) -> str:
    """File name of the page of a condition."""
    return f"condition-{condition}.html"


def pages(content: Content) -> list[Page]:
    """A page for each condition of the headline in its order, then for any only figures have."""
    labels = {
        row["condition_id"]: row["condition_label"] or row["condition_id"]
        for row in sorted(content.tables["rpt_headline"], key=lambda row: row["sort_order"])
    }
    for item in content.drawn:
        if item.figure.condition:
            labels.setdefault(item.figure.condition, item.figure.condition)
    made = [condition_page(content, key, label) for key, label in labels.items()]
    return [page for page in made if page.sections]


def condition_page(content: Content, key: str, label: str) -> Page:
    """The page of one condition."""

    def figures(anchor: str, heading: str, *kinds: str) -> Section:
        return Section(anchor, heading, (), content.figures(*kinds, condition=key))

    return Page(
        slug=condition_file(key).removesuffix(".html"),
        label=label,
        title=label,
        group="conditions",
        sections=pick(
            figures("section-effect", "Effect on symptoms", "forest"),
            figures("section-choices", "Does it hold under other choices?", "multiverse"),
        ),
    )
