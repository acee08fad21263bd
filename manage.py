#!/usr/bin/env python3
"""Run one of Fondportalen's commands: `manage.py help` lists them."""

import os
import sys


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fundportal.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- slow import
    except ImportError as missing:
        raise SystemExit(
            "Django saknas i den här Python-miljön. Kör `make run` först, sedan .venv/bin/python manage.py …"
        ) from missing
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
