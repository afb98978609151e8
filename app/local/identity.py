"""As whom the servers run, and the folders they need: PostgreSQL refuses to run as root."""

import hashlib
import os
import pwd
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

_SOCKET_LIMIT = 60  # a socket's path has at most 107 bytes, .s.PGSQL.5432 included


class PopenArguments(TypedDict, total=False):
    """What `subprocess.Popen` is told about the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    """A user and group of this machine."""

    uid: int
    gid: int

    @classmethod
    def mine(cls) -> "Identity":
        """Whoever runs this process."""
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def for_servers(cls, folder: Path) -> "Identity":
        """Who owns `folder` already; for a new one ourselves, or nobody when we are root."""
        if os.geteuid() != 0:
            return cls.mine()
        owner = folder.stat() if folder.exists() else None
        if owner and owner.st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def popen_arguments(self) -> PopenArguments:
        """Change the user only when it is another one: that needs root."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, folder: Path) -> Path:
        """Make a private folder of this user's. Raises PermissionError when it belongs to someone else."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid == os.geteuid() != self.uid:
            os.chown(folder, self.uid, self.gid)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid:
            raise PermissionError(f"{folder} belongs to another user of this machine")
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)
        return folder

    def let_pass(self, path: Path, say: Callable[[str], None]) -> None:
        """Let this user through the folders on the way to `path`: passing, not reading."""
        if self.uid == os.geteuid():
            return
        for folder in reversed(path.resolve().parents):
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                say(f"{folder}: others may pass now (chmod o+x), because the database server does not run as root.")
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)

    def let_use(self, program: Path) -> None:
        """Let this user use `bin/program` and what was installed beside it, when a strict umask forbids that."""
        if self.uid == os.geteuid() or program.stat().st_mode & stat.S_IXOTH:
            return
        installed = program.parents[1]
        for path in (installed, *installed.rglob("*")):
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | (mode & 0o500) >> 6)


def socket_folder(data: Path, identity: Identity) -> Path:
    """A short private folder for the sockets of the servers whose data is in `data`."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    base = Path(tempfile.gettempdir())
    if len(str(base)) > _SOCKET_LIMIT:
        base = Path("/tmp")  # noqa: S108 (the folder made there is private, and its owner is checked)
    return identity.own(base / f"plots-{identity.uid}-{digest}")
