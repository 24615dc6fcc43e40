"""The status that a pool has when nothing but its interval of tau2 can be wrong."""


def status_by_tau2(result, method=None):
    """``tau2_outside_interval`` when the result says so itself; common effects have no estimate."""
    tau2, low, high = (result[name] for name in ("tau2", "tau2_ci_low", "tau2_ci_high"))
    if method in ("CE", "FE") or low is None:
        return "ok"
    is_inside = low * (1 - 1e-8) <= tau2 <= high * (1 + 1e-8)
    return "ok" if is_inside else "tau2_outside_interval"
