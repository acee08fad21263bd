"""All the demo's projects."""

from fundportal.demo.projects_later import LATER
from fundportal.demo.projects_open import OPEN
from fundportal.demo.projects_worked import WORKED

PROJECTS = (*OPEN, *LATER, *WORKED)
