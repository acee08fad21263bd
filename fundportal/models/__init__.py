"""The case file's own things: people, cases, money, papers, letters."""

from fundportal.models.case import Case, CaseGroupGrant, CaseQuerySet, CaseUserGrant, ChainHead, Dnr, Event, Jav, Party
from fundportal.models.document import Document, Upload, VirusCheck
from fundportal.models.draft import Draft, DraftVersion
from fundportal.models.export import ExportLog
from fundportal.models.fund import Fund, FundRules, NumberSeries, Round, RoundCriterion
from fundportal.models.interests import Declaration, Interest, TieJudgement
from fundportal.models.ledger import (
    Account,
    Balance,
    CentralGrant,
    Entry,
    EntryKind,
    PeriodLock,
    Proof,
    Turnover,
    Use,
)
from fundportal.models.letter import Letter, Mail
from fundportal.models.note import AccessRequest, Note, NoteStrike
from fundportal.models.people import (
    Delegation,
    Grants,
    Namnd,
    NamndGroupGrant,
    NamndUserGrant,
    RoleTerm,
    Substitute,
    User,
)
from fundportal.models.work import Bulk, BulkItem, CaseText, FirstView, OfficerRule, SavedView

__all__ = [
    "AccessRequest",
    "Account",
    "Balance",
    "Bulk",
    "BulkItem",
    "Case",
    "CaseGroupGrant",
    "CaseQuerySet",
    "CaseText",
    "CaseUserGrant",
    "CentralGrant",
    "ChainHead",
    "Declaration",
    "Delegation",
    "Dnr",
    "Document",
    "Draft",
    "DraftVersion",
    "Entry",
    "EntryKind",
    "Event",
    "ExportLog",
    "FirstView",
    "Fund",
    "FundRules",
    "Grants",
    "Interest",
    "Jav",
    "Letter",
    "Mail",
    "Namnd",
    "NamndGroupGrant",
    "NamndUserGrant",
    "Note",
    "NoteStrike",
    "NumberSeries",
    "OfficerRule",
    "Party",
    "PeriodLock",
    "Proof",
    "RoleTerm",
    "Round",
    "RoundCriterion",
    "SavedView",
    "Substitute",
    "TieJudgement",
    "Turnover",
    "Upload",
    "Use",
    "User",
    "VirusCheck",
]
