"""One function per row of the table."""
