"""One connection and one transaction per request or job, bound to at most one person and one group; the only commit."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import ClassVar

from flask import current_app, g
from sqlalchemy import Connection, Engine, NestedTransaction, RootTransaction

from app.core.tenancy import Forbidden, PlatformSession, TenantMissing, TenantSession

_TELL = "select set_config('app.user_id', %s, true), set_config('app.group_id', %s, true)"


class Unit:
    """A unit of work: opened at first use, told who asks and for which group, ended once."""

    outer: ClassVar[Connection | None] = None  # tests put a connection here; each unit is then a savepoint on it

    def __init__(self, engine: Engine, *, steady: bool = False) -> None:
        self.engine = engine
        self.steady = steady
        self.user_id: uuid.UUID | None = None
        self.group_id: uuid.UUID | None = None
        self.after: list[Callable[[], None]] = []
        self._connection: Connection | None = None
        self._transaction: RootTransaction | NestedTransaction | None = None
        self._told: tuple[uuid.UUID | None, uuid.UUID | None] | None = None
        self._platform: PlatformSession | None = None
        self._tenant: TenantSession | None = None

    def connection(self) -> Connection:
        """The connection, with `app.user_id` and `app.group_id` set for this transaction only."""
        if self._connection is None:
            self._connection = Unit.outer or self.engine.connect()
            self._transaction = self._connection.begin_nested() if Unit.outer else self._connection.begin()
            if self.steady and not Unit.outer:
                self._connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        # On a test's one connection a unit inside this one may have said something else meanwhile.
        if Unit.outer is not None or (self.user_id, self.group_id) != self._told:
            told = (str(self.user_id or ""), str(self.group_id or ""))  # both, always: nothing is inherited
            self._connection.exec_driver_sql(_TELL, told)
            self._told = (self.user_id, self.group_id)
        return self._connection

    @property
    def lasting(self) -> bool:
        """Whether rows that this unit did not write are there for good; on a test's one connection they are not."""
        return Unit.outer is None

    def act_as(self, user_id: uuid.UUID | None) -> None:
        """Say who asks."""
        self.user_id = user_id

    def enter(self, group_id: uuid.UUID) -> TenantSession:
        """Choose the group, once; another one in the same unit is refused."""
        if self.group_id not in (None, group_id):
            raise Forbidden("a unit of work is bound to one group")
        if self._tenant is None:
            if self._platform is not None:
                self._platform.flush()  # else what was added but not yet written would be written without its settings
            self.group_id = group_id
            self._tenant = TenantSession(
                self.connection(), join_transaction_mode="rollback_only", info={"group_id": group_id}
            )
        return self._tenant

    @property
    def platform(self) -> PlatformSession:
        if self._platform is None:
            self._platform = PlatformSession(self.connection(), join_transaction_mode="rollback_only")
        self.connection()
        return self._platform

    @property
    def tenant(self) -> TenantSession:
        if self._tenant is None:
            raise TenantMissing("no group was chosen")
        self.connection()
        return self._tenant

    def flush(self) -> None:
        for session in (self._platform, self._tenant):
            if session is not None:
                session.flush()

    def end(self, *, keep: bool) -> None:
        """Commit or roll back, once; then send the wake-ups of what was kept."""
        after, self.after = self.after, []
        connection, transaction = self._connection, self._transaction
        try:
            if keep:
                self.flush()
            if connection is not None and transaction is not None:
                if keep:
                    if Unit.outer is not None:  # a commit lets deferred checks speak, the end of a savepoint does not
                        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
                        connection.exec_driver_sql("SET CONSTRAINTS ALL DEFERRED")  # it lasts for the units to come
                    transaction.commit()
                elif transaction.is_active:
                    transaction.rollback()
        finally:
            self._close()
        if keep:
            for call in after:
                call()

    def _close(self) -> None:
        for session in (self._platform, self._tenant):
            if session is not None:
                session.close()
        if self._transaction is not None and self._transaction.is_active:
            self._transaction.rollback()
        if self._connection is not None and self._connection is not Unit.outer:
            self._connection.close()
        self._connection = self._transaction = self._platform = self._tenant = self._told = None
        self.group_id = None


def engine(role: str | None = None) -> Engine:
    """The engine of a database role; by default the one this process runs as."""
    engines: dict[str, Engine] = current_app.extensions["engines"]
    return engines[role or current_app.extensions["database_role"]]


def _units() -> list[Unit]:
    if "units" not in g:
        g.units = [Unit(engine())]
    units: list[Unit] = g.units
    return units


def unit() -> Unit:
    """The unit of work of this request or job."""
    return _units()[-1]


def session() -> TenantSession:
    """The session of the chosen group. Raises TenantMissing before any SQL when none was chosen."""
    return unit().tenant


def platform() -> PlatformSession:
    """The session of the tables without a group."""
    return unit().platform


def act_as(user_id: uuid.UUID | None) -> None:
    """Say on whose behalf this unit of work runs."""
    unit().act_as(user_id)


def enter(group_id: uuid.UUID) -> None:
    """Choose the group of this unit of work; it cannot be changed."""
    unit().enter(group_id)


def work_as(role: str) -> None:
    """Do the rest of this request as another database role, for the same person; what was begun before is undone."""
    before = unit()
    own = Unit(engine(role))
    own.act_as(before.user_id)
    before.end(keep=False)
    _units().append(own)


def after_commit(call: Callable[[], None]) -> None:
    """Run something small once this unit is committed; what must not be lost goes to the outbox instead."""
    unit().after.append(call)


@contextmanager
def transaction(
    *,
    user_id: uuid.UUID | None = None,
    group_id: uuid.UUID | None = None,
    role: str | None = None,
    steady: bool = False,
) -> Iterator[Unit]:
    """A unit of its own: jobs, commands, and what must outlive the refusal of the request around it.

    A `steady` one sees the database as it was at one moment, however long it reads.
    """
    own = Unit(engine(role), steady=steady)
    own.act_as(user_id)
    units = _units()
    units.append(own)
    try:
        if group_id is not None:
            own.enter(group_id)
        yield own
    except BaseException:
        units.remove(own)
        own.end(keep=False)
        raise
    units.remove(own)
    own.end(keep=True)


@contextmanager
def attempt() -> Iterator[None]:
    """A part that may fail alone: what it added or wrote is undone, in both sessions, and the unit goes on."""
    # One savepoint for each: a session that is not told keeps in mind what failed, and writes it with the next part.
    inside = [platform(), session()] if unit().group_id else [platform()]
    with ExitStack() as undo:
        for part in inside:
            undo.enter_context(part.begin_nested())
            part.connection()  # else its savepoint is made at first use, and they would not end as they began
        yield
        unit().flush()
