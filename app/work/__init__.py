"""What runs in the background of a group, what became of its mail, and the local mailbox."""
