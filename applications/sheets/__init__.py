"""Multi-part drafts: what people write before an act hands it in. Needs and acts read them, so they lie below both."""

from applications.sheets.application import APPLICATION, carried_over
from applications.sheets.idea import IDEA

__all__ = ["APPLICATION", "IDEA", "carried_over"]
