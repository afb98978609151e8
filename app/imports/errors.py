"""Why a file cannot be read at all, and the value that says what is wrong with one of its rows."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.errors import DomainError, Invalid


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong in one row: rows are numbered as a spreadsheet shows them, columns by our names."""

    row: int
    column: str
    fault: LazyString | DomainError

    @property
    def sentence(self) -> str:
        """What is wrong, in the reader's language, now."""
        return str(self.fault)


class UnreadableFile(Invalid):
    """The file as a whole cannot be read; nothing of it was."""

    code = "unreadable_file"
    sentence = _("This file cannot be read.")


class FileEmpty(UnreadableFile):
    """There is not one cell in it."""

    code = "file_empty"
    sentence = _("This file is empty.")


class FileTooLarge(UnreadableFile):
    """More bytes than an upload may have."""

    code = "file_too_large"
    sentence = _("This file is larger than %(megabytes)s MB. Split it and import the parts one after another.")


class UnpacksTooLarge(UnreadableFile):
    """A zip whose contents are far larger than the file itself."""

    code = "unpacks_too_large"
    sentence = _("This spreadsheet unpacks to more than %(megabytes)s MB. Save only the sheet to be imported.")


class NotATable(UnreadableFile):
    """Something else: a picture, a PDF, a program, another kind of archive."""

    code = "not_a_table"
    sentence = _("This is neither a CSV file nor an Excel workbook (.xlsx). Save the table as one of these.")


class OldSpreadsheet(UnreadableFile):
    """An Excel 97 workbook or an OpenDocument sheet."""

    code = "old_spreadsheet"
    sentence = _("This kind of spreadsheet cannot be read. Open it and save it as .xlsx or CSV.")


class Locked(UnreadableFile):
    """An encrypted workbook."""

    code = "locked"
    sentence = _("This workbook is protected by a password. Save a copy without the password and import that.")


class BrokenSpreadsheet(UnreadableFile):
    """It says it is a workbook, but its parts are missing or damaged."""

    code = "broken_spreadsheet"
    sentence = _("This workbook is damaged. Open it in a spreadsheet program, save it again and import the copy.")


class BrokenText(UnreadableFile):
    """Quotation marks that do not close, or that close in the middle of a cell."""

    code = "broken_text"
    sentence = _("The quotation marks in row %(row)s do not match, so the columns cannot be told apart.")


class BadCharacters(UnreadableFile):
    """Control characters that no text file has."""

    code = "bad_characters"
    sentence = _("This file holds characters that are not text. Save it again as CSV (UTF-8) or .xlsx.")


class TooManyRows(UnreadableFile):
    """More rows than one import takes."""

    code = "too_many_rows"
    sentence = _("This file has more than %(limit)s rows. Split it and import the parts one after another.")


class TooManyColumns(UnreadableFile):
    """More columns than any of our tables could use."""

    code = "too_many_columns"
    sentence = _("Row %(row)s has more than %(limit)s columns.")


class CellTooLong(UnreadableFile):
    """A cell longer than any honest one; often an unclosed quotation mark."""

    code = "cell_too_long"
    sentence = _("A cell in row %(row)s is longer than %(limit)s characters.")


class ColumnMissing(UnreadableFile):
    """No row of the file names the columns that this import needs."""

    code = "column_missing"
    sentence = _("No row of this file names all the columns that are needed. Missing: %(columns)s.")


class ColumnTwice(UnreadableFile):
    """Two columns say they are the same thing, and neither may be guessed."""

    code = "column_twice"
    sentence = _("Two columns are both read as “%(column)s”. Remove or rename one of them.")
