"""HTML from templates: texts are escaped here, SVGs were escaped when drawn."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from reports import style

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> jinja2.Environment:
    """The templates; an undefined name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fragment(template: str, **values: Any) -> Markup:
    """A part of a page."""
    return Markup(environment().get_template(template).render(**values))


@cache
def style_sheet() -> Markup:
    """The one style sheet of every page."""
    return Markup(style.sheet((TEMPLATES / "site.css").read_text(encoding="utf-8")))


def content_policy(scripts: Sequence[str] = (), *, runs_wasm: bool = False) -> str:
    """A policy under which a page may load nothing, and run and apply only its own parts.

    scripts    text of each script that the page holds
    runs_wasm  whether its scripts compile WebAssembly
    """
    sources = [f"'{digest(text)}'" for text in scripts]
    if runs_wasm:
        sources.append("'wasm-unsafe-eval'")
    allowed = f"script-src {' '.join(sources)}; " if sources else ""
    return (
        f"default-src 'none'; style-src '{digest(style_sheet())}'; {allowed}img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def digest(text: str) -> str:
    """The hash of a text as a content policy names it."""
    hashed = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(hashed).decode('ascii')}"
