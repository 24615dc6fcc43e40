"""Values of a result as other programs take them."""

import datetime
import json
import math
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:
    """Lists and structs as JSON text, everything else as Python writes it."""
    if isinstance(value, list | dict | tuple):
        return json.dumps(json_value(value), ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else value


def json_value(value: Any) -> Any:
    """A value as JSON has it; NaN and infinities, which JSON lacks, as text."""
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
