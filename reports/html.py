"""HTML from templates: texts are escaped here, SVGs were escaped when drawn."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from reports import style, words

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> jinja2.Environment:
    """The templates; an undefined name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["capital"] = words.with_capital
    return made


def fragment(template: str, **values: Any) -> Markup:
    """A part of a page."""
    return Markup(environment().get_template(template).render(**values))


@cache
def style_sheet() -> Markup:
    """The style sheet of every page."""
    return Markup(style.sheet(compact(own_file("site.css"))))


def content_policy(
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    sources: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """A policy under which a page may load nothing, and run and apply only its own parts.

    styles   text of each style sheet that the page holds beside the one of the site
    scripts  text of each script that it holds
    sources  what else it needs, by directive, such as {"script-src": ("'wasm-unsafe-eval'",)}
    """
    allowed = {
        "default-src": ["'none'"],
        "style-src": [digest(text) for text in (style_sheet(), *styles)],
        "script-src": [digest(text) for text in scripts],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    for directive, more in (sources or {}).items():
        allowed.setdefault(directive, []).extend(more)
    return "; ".join(f"{name} {' '.join(values)}" for name, values in allowed.items() if values)


def digest(text: str) -> str:
    """The hash of a text as a source of a content policy."""
    hashed = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(hashed).decode('ascii')}'"


def embedded(value: object) -> Markup:
    """JSON that can stand inside a script element: nothing in it ends the element.

    Raises ValueError for NaN and infinite numbers, which JSON does not have.
    """
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(written.replace("<", "\\u003c"))


def own_file(name: str) -> str:
    """Text of a style sheet or script beside the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def compact(text: str) -> str:
    """A style sheet or script of ours without indentation, empty lines and lines of comments.

    No text of it may go on over the end of a line.
    """
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
