"""Pages that are no acts, by what they are about."""

from reviews.views.answering import answer_page
from reviews.views.remiss import compilation, compilation_file, file, mine, paper, paper_pdf, remiss

__all__ = ["answer_page", "compilation", "compilation_file", "file", "mine", "paper", "paper_pdf", "remiss"]
