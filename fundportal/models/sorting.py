"""What lists of cases sort by, as the indexes of cases have it."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Case as Chosen
from django.db.models import Value
from django.db.models.functions import Coalesce

from fundportal.process import Step

# What lists sort by: never empty, so that a keyset page is one comparison of (value, id), which the index looks up.
BY_DUE = Coalesce("due_on", Value(date.max), output_field=models.DateField())
BY_REQUESTED = Coalesce(
    "requested", Value(Decimal(-1)), output_field=models.DecimalField(max_digits=14, decimal_places=2)
)

BY_SUBMITTED = Coalesce("submitted_at", "created_at")
BY_STEP = Chosen(
    *(models.When(step=step, then=Value(place)) for place, step in enumerate(Step)),
    default=Value(len(Step)),
    output_field=models.IntegerField(),
)
