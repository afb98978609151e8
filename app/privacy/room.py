"""What privacy gives to the house."""

from app.core.rooms import Room

ROOM = Room("privacy")
