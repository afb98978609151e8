"""What this room gives to the house."""

from app.core.rooms import Room

ROOM = Room("registry")
