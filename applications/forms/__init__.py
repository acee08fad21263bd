"""Shapes of input for the acts of the phase."""
