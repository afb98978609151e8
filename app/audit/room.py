"""What this room gives to the house."""

from app.audit.personal import SEALED, personal
from app.core.rooms import Room

ROOM = Room("audit", personal=personal, sealed=SEALED)
