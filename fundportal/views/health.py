"""Two doors for machines: is the process alive, and can it serve?"""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fundportal import printing

_migrated: set[str] = set()  # a process asks once: migrations do not come undone under a running server


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process does."""
    return HttpResponse("ok\n", content_type="text/plain")


def database_answers() -> bool:
    """Tell whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone() == (1,))


def is_migrated() -> bool:
    """Tell whether the database is as this version wants it."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add("yes")
    return True


def redis_answers() -> bool:
    """Tell whether Redis answers."""
    cache.get("readyz")
    return True


CHECKS = {"databas": database_answers, "migrerad": is_migrated, "redis": redis_answers}
REMARKS = {"utskrift": printing.available}  # told, but no reason to take the site down: papers wait


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when everything a request needs is there, else 503 with what is not."""
    state = {}
    for name, check in CHECKS.items():
        try:
            state[name] = check()
        except Exception:
            state[name] = False
    remarks = {name: check() for name, check in REMARKS.items()}
    return JsonResponse(state | remarks, status=200 if all(state.values()) else 503)
