"""How great a risk is."""

NEEDS_MEASURE = 9


def risk_value(likelihood: int, consequence: int) -> int:
    """Sannolikhet × konsekvens, 1 to 16. From 9 a risk needs a measure."""
    return likelihood * consequence
