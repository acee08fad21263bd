"""Multi-part drafts: what people write before an act hands it in. Needs and acts both read them, so they lie below both."""

from applications.sheets.application import APPLICATION
from applications.sheets.idea import IDEA

__all__ = ["APPLICATION", "IDEA"]
