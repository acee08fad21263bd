"""`python -m fundportal.stack run|install|install-tests|install-tools|serve`: what the Makefile calls."""

import os
import sys

from fundportal.stack import install


def main() -> None:
    """Do what was asked; `run` installs with the machine's Python, then goes on in the virtual environment."""
    asked = sys.argv[1] if len(sys.argv) == 2 else ""
    if asked == "serve":
        from fundportal.stack import supervisor  # noqa: PLC0415 -- slow import

        supervisor.main()
    elif asked == "run":
        install.product()
        # Without byte code every process would compile Django anew.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.execv(install.PYTHON, [str(install.PYTHON), "-m", "fundportal.stack", "serve"])  # noqa: S606 -- ourselves
    elif asked in {"install", "install-tests", "install-tools"}:
        {"install": install.product, "install-tests": install.tests, "install-tools": install.tools}[asked]()
    else:
        raise SystemExit(__doc__)


main()
