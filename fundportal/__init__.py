"""Fondportalen's kernel: what every phase of a case needs, and which knows no phase."""
