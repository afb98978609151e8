"""All guards that are taken out."""

from tools.mutants.books import BOOKS
from tools.mutants.doors import DOORS
from tools.mutants.guard import Guard
from tools.mutants.walls import WALLS

GUARDS: tuple[Guard, ...] = (*WALLS, *BOOKS, *DOORS)
