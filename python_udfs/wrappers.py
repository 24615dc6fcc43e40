"""Text of the dbt wrapper macros, made from the catalogue."""

import json

from python_udfs.catalogue import CATALOGUE, Udf

DOCUMENTATION = "_udf__macros.yml"
FINGERPRINT = "_kernel_fingerprint.sql"
MADE_BY = "Made by python -m python_udfs.fingerprint --write."


def wrapper_files(fingerprint: str) -> dict[str, str]:
    """File name to text: a macro per function, their documentation, and the fingerprint."""
    files = {f"{udf.name}.sql": macro(udf) for udf in CATALOGUE}
    return files | {DOCUMENTATION: documentation(), FINGERPRINT: fingerprint_macro(fingerprint)}


def fingerprint_macro(fingerprint: str) -> str:
    """The macro that every other one calls, so that a changed kernel changes them all."""
    return (
        f"{{# Changes with any kernel. {MADE_BY} #}}\n"
        f"{{% macro kernel_fingerprint() -%}}\n{fingerprint}\n{{%- endmacro %}}\n"
    )


def macro(udf: Udf) -> str:
    """One macro: the SQL call, with the kernel fingerprint in a comment."""
    parameters = [f"{a.name}=none" if a.is_optional else a.name for a in udf.arguments]
    required = ", ".join(f"{{{{ {a.name} }}}}" for a in udf.arguments if not a.is_optional)
    optional = "".join(
        f"{{% if {a.name} is not none %}}, {{{{ {a.name} }}}}{{% endif %}}"
        for a in udf.arguments
        if a.is_optional
    )
    return (
        f"{{# {udf.description}. {MADE_BY} #}}\n"
        f"{{% macro {udf.name}({', '.join(parameters)}) -%}}\n"
        f"/* kernels {{{{ kernel_fingerprint() }}}} */ {udf.name}({required}{optional})\n"
        "{%- endmacro %}\n"
    )


def documentation() -> str:
    """Properties file with the description of each macro and of its arguments."""
    lines = [f"# {MADE_BY}", "version: 2", "", "macros:"]
    lines += ["  - name: kernel_fingerprint", "    description: Short hash of the kernels' source."]
    for udf in CATALOGUE:
        returned = ", ".join(f"{f.name or 'result'} ({f.unit})" for f in udf.returns)
        text = f"{udf.description}. Returns {returned}. Source: {udf.source}."
        lines += [f"  - name: {udf.name}", f"    description: {json.dumps(text)}", "    arguments:"]
        for argument in udf.arguments:
            lines += [
                f"      - name: {argument.name}",
                f"        description: {json.dumps('SQL expression: ' + argument.description)}",
            ]
    return "\n".join(lines) + "\n"
