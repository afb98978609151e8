"""Lines as they were printed, in the group's zone."""

from app.core.periods import zone_named
from app.groups.queries import group
from app.imports.line_texts import LineText, as_printed
from app.imports.models import ImportedLine
from app.imports.statement_lines import StatementLine


def printed(row: ImportedLine, text: LineText) -> StatementLine:
    """The line as its file printed it, for the rules that read its words."""
    return as_printed(row, text, zone_named(group().time_zone))
