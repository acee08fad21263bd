"""Measures the product against its goals, as ratios within one run. May import anything; nothing imports it."""
