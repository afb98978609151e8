"""What a backup refuses."""


class BackupError(RuntimeError):
    """A backup was not taken, is not whole, or cannot be restored; the sentence says why."""
