"""Pages about what comes of it all: the text for the budget, and the lessons."""

from repayment.pages.budget import budget_table, budget_text
from repayment.pages.lessons import lesson, lessons, similar

__all__ = ["budget_table", "budget_text", "lesson", "lessons", "similar"]
