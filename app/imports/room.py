"""What this room gives to the house."""

from app.core.rooms import Room
from app.imports import statement_import
from app.imports.asking import APPROVABLES
from app.imports.checks import CHECKS
from app.imports.commands import importing

ROOM = Room(
    "imports",
    approvables=APPROVABLES,
    jobs={statement_import.JOB: statement_import.confirm_chunk},
    commands=(importing,),
    checks=CHECKS,
)
