"""All the demo's projects."""

from fundportal.demo.projects_later import LATER
from fundportal.demo.projects_open import OPEN

PROJECTS = (*OPEN, *LATER)
