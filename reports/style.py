"""The page's one style sheet: the hand-written part, and what follows from the theme's colours."""

from reports import theme

NAMES = {
    "ink": theme.INK,
    "muted": theme.MUTED,
    "paper": theme.PAPER,
    "stripe": theme.STRIPE,
    "rule": theme.RULE,
    "grid": theme.GRID,
    "link": theme.RECOMMENDED,
    "conflict": theme.CONFLICT,
    "stage": theme.STAGE,
}


NUMBERED = 24
"""Columns that can be aligned right by their place."""


def properties(is_dark: bool) -> str:
    """Custom properties for one colour scheme."""
    values = ((name, c.dark if is_dark else c.light) for name, c in NAMES.items())
    return "".join(f"--{name}:{value};" for name, value in values)


def swaps() -> str:
    """Rules that give each light colour of a figure its dark one.

    Author styles win over the colours that an SVG states in attributes, so the same picture
    serves both schemes.
    """
    rules = []
    for colour in theme.COLOURS:
        for attribute in ("fill", "stroke"):
            selector = f'svg [{attribute}="{colour.light}"]'
            rules.append(f"{selector}{{{attribute}:{colour.dark}}}")
    return "".join(rules)


def numbers() -> str:
    """A rule that aligns right the columns of which a table says that they are numbers.

    It has no weight of its own, so that every other rule can change it.
    """
    columns = ",".join(f".n{n} tr>:nth-child({n})" for n in range(1, NUMBERED + 1))
    looks = "text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
    return f":where({columns}){{{looks}}}"


def sheet(written: str) -> str:
    """The whole style sheet; dark colours apply on screens only, never on paper."""
    light = f":root{{color-scheme:light dark;{properties(is_dark=False)}--font:{theme.FONT}}}"
    dark = f":root{{{properties(is_dark=True)}}}{swaps()}"
    dark = f"@media screen and (prefers-color-scheme:dark){{{dark}}}"
    return f"{light}\n{written}\n{numbers()}\n{dark}\n"
