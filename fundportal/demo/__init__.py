"""A living city to try the product in: invented people, invented projects, real acts."""

from fundportal.demo.people import PASSWORD, people

__all__ = ["PASSWORD", "people"]
