"""The case file's own things: people, cases, money, papers, letters."""

from fundportal.models.case import Case, CaseGroupGrant, CaseQuerySet, CaseUserGrant, ChainHead, Dnr, Event, Jav, Party
from fundportal.models.document import Document, Upload
from fundportal.models.draft import Draft
from fundportal.models.export import ExportLog
from fundportal.models.fund import Fund, NumberSeries, Round
from fundportal.models.ledger import Account, Balance, Entry, EntryKind, Use
from fundportal.models.letter import Letter, Mail
from fundportal.models.people import Delegation, Grants, Namnd, NamndGroupGrant, NamndUserGrant, User

__all__ = [
    "Account",
    "Balance",
    "Case",
    "CaseGroupGrant",
    "CaseQuerySet",
    "CaseUserGrant",
    "ChainHead",
    "Delegation",
    "Dnr",
    "Document",
    "Draft",
    "Entry",
    "EntryKind",
    "Event",
    "ExportLog",
    "Fund",
    "Grants",
    "Jav",
    "Letter",
    "Mail",
    "Namnd",
    "NamndGroupGrant",
    "NamndUserGrant",
    "NumberSeries",
    "Party",
    "Round",
    "Upload",
    "Use",
    "User",
]
