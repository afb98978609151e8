"""A bank file has the same limit as every other file."""

import pytest

from app.core.db import transaction
from app.imports.errors import FileTooLarge
from app.imports.readers import statement
from app.imports.tables import MAX_BYTES
from tests.factories import Cast
from tests.imports.bank import camt, ofx1


@pytest.mark.parametrize("file", [ofx1(), camt()], ids=["ofx", "camt"])
def test_a_bank_file_beyond_the_limit_is_not_read(cast: Cast, file: bytes) -> None:
    with transaction(group_id=cast.group_id), pytest.raises(FileTooLarge):
        statement(file + b" " * MAX_BYTES)
