"""What privacy gives to the house."""

from app.core.rooms import Room
from app.privacy import models

TABLES = models
ROOM = Room("privacy")
