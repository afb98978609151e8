"""Why a file cannot be read at all, and the value that says what is wrong with one of its rows."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.errors import DomainError, Invalid, NotFound, Refused
from app.imports.titles import title_of


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong in one row: rows are numbered as a spreadsheet shows them, columns have our names."""

    row: int
    column: str
    fault: LazyString | DomainError

    @property
    def title(self) -> str:
        """What people call the column."""
        return str(title_of(self.column))

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
    """No row of the file names the columns that this import needs; `found` are the titles that it has."""

    code = "column_missing"
    sentence = _("The file must have columns for: %(columns)s. Missing: %(missing)s. Found: %(found)s.")


class ColumnTwice(UnreadableFile):
    """Two columns say they are the same thing, and neither may be guessed."""

    code = "column_twice"
    sentence = _("Two columns are both read as “%(column)s”. Remove or rename one of them.")


class NotAStatement(UnreadableFile):
    """Neither a table nor one of the bank formats."""

    code = "not_a_statement"
    sentence = _("This is no statement that can be read here. Ask your bank for CSV, Excel (.xlsx), OFX or CAMT.053.")


class DeclaresEntities(UnreadableFile):
    """XML that declares entities of its own: no bank writes it, and it is how such files attack."""

    code = "declares_entities"
    sentence = _("This file declares entities of its own, which no statement does. Export it from the bank again.")


class BrokenBankFile(UnreadableFile):
    """OFX or XML that ends early or contradicts itself."""

    code = "broken_bank_file"
    sentence = _("This bank file is damaged or incomplete. Export it from the bank again.")


class NoBookings(UnreadableFile):
    """A bank file of another kind: investments, a message, an order."""

    code = "no_bookings"
    sentence = _("There is no statement of an account in this bank file.")


class OtherReport(UnreadableFile):
    """CAMT.052 or CAMT.054: what may still change, or only a part."""

    code = "other_report"
    sentence = _("This is a report within the day or a notice (CAMT.052, CAMT.054). Ask your bank for CAMT.053.")


class StatementCurrency(UnreadableFile):
    """The account of the file is in another currency than the group's books."""

    code = "statement_currency"
    sentence = _("This statement is in %(found)s, and the books of this group are in %(currency)s.")


class BookedInOtherCurrency(Invalid):
    """One booking is in another currency."""

    code = "booked_in_other_currency"
    sentence = _("This booking is in %(found)s, and the books of this group are in %(currency)s.")


class SeveralStatements(UnreadableFile):
    """Statements of several accounts, and none or several of them fit the cash account."""

    code = "several_statements"
    sentence = _(
        "This file holds several accounts (%(numbers)s). Give the cash account the number of the one that is meant."
    )


class NoSuchImport(NotFound):
    """There is no such file in this group."""

    code = "no_such_import"
    sentence = _("There is no such import.")


class ImportOver(Refused):
    """The file was confirmed or put aside meanwhile."""

    code = "import_over"
    sentence = _("This import is over: it was confirmed or put aside. Upload the file again if it is still needed.")


class FileHasErrors(Invalid):
    """Rows need a fix, so nothing of the file was taken."""

    code = "file_has_errors"
    sentence = _("Rows with something wrong: %(count)s. Nothing was imported.")


class NoSuchLine(NotFound):
    """There is no such line in this group."""

    code = "no_such_line"
    sentence = _("There is no such line of a statement.")


class LineTaken(Refused):
    """Somebody allocated it meanwhile."""

    code = "line_taken"
    sentence = _("The line of %(amount)s is allocated already. Take that back first.")


class NothingToTakeBack(Refused):
    """The line is not allocated."""

    code = "nothing_to_take_back"
    sentence = _("This line is not allocated.")


class WrongDirection(Invalid):
    """Money that came in cannot be spent, nor the other way round."""

    code = "wrong_direction"
    sentence = _("The line of %(amount)s cannot be that: look whether the money came in or went out.")


class ChoiceMissing(Invalid):
    """It was not said what the lines are, or no line was chosen."""

    code = "choice_missing"
    sentence = _("Choose at least one line, and say what it is.")


class DoesNotFit(Refused):
    """The entry is matched to another line, was reversed, or is of another amount."""

    code = "does_not_fit"
    sentence = _("This entry does not fit the line any more. Reload the page and look again.")


class NotReconciled(Refused):
    """Lines are left to allocate, or balances differ."""

    code = "not_reconciled"
    sentence = _("This account cannot be called reconciled yet: lines are not allocated, or balances differ.")


class WhichAccount(Invalid):
    """Several accounts come into question."""

    code = "which_account"
    sentence = _("Say which cash account the statement is of. There are: %(names)s.")


class NoSuchMember(Invalid):
    """No member has that number."""

    code = "no_such_member_number"
    sentence = _("No member has the number “%(number)s”.")


class NoAssetCalled(Invalid):
    """No asset of the group is called so."""

    code = "no_asset_called"
    sentence = _("No asset of the group is called “%(name)s”.")
