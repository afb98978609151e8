"""What this room gives to the house."""

from app.core.rooms import Room, Schedule
from app.savings import reversing, windows

ROOM = Room(
    "savings",
    schedules=(Schedule("open_windows", 3600, windows.due_windows),),
    rests_on={"payment": reversing.resting_on_payment, "penalty": reversing.resting_on_penalty},
)
