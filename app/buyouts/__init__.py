"""One member’s shares taken over by another, by a newcomer or by the group."""
