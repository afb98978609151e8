"""What the embedded servers share: a folder, a private socket, a child process."""

import importlib.util
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.local.identity import Identity, socket_folder
from app.local.process import Child, LocalError


class Server(ABC):
    """A server whose data stays in `folder` and which ends with this process, however that ends."""

    name: str

    def __init__(self, folder: Path, *, durable: bool = True, say: Callable[[str], None] = print) -> None:
        """Nothing is made or started yet. `durable=False` trades safety against power cuts for speed: for tests."""
        self.folder, self.durable, self.say = folder.absolute(), durable, say
        self.log = self.folder.with_name(self.folder.name + ".log")
        self.sockets: Path | None = None
        self.child: Child | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @abstractmethod
    def start(self) -> None:
        """Start the server and wait until it answers. Raises LocalError."""

    def ended(self) -> int | None:
        """The exit status of the server, or None while it runs."""
        return self.child.ended() if self.child else 0

    def stop(self) -> None:
        """Stop the server in good order: what was committed stays."""
        if self.child:
            self.child.stop()
            self.child = None
        if self.sockets:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def prepare(self, program: Path) -> Identity:
        """Make the folders and see to it that the server's user may use them and `program`. Raises LocalError."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        identity = Identity.for_servers(self.folder)
        identity.let_pass(self.folder, self.say)
        identity.let_pass(program, self.say)
        identity.let_use(program)
        try:
            identity.own(self.folder)
            self.sockets = socket_folder(self.folder, identity)
        except PermissionError as error:
            raise LocalError(f"{error}: run as that user, or `make reset` as root.") from error
        return identity


def installed(package: str) -> Path:
    """The folder of an installed package, found without running its code. Raises LocalError."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LocalError(f"The package {package} is missing: run `make setup`, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.submodule_search_locations[0])
