"""The bases of every table and the ORM wall: which group a row belongs to, and who may not forget it."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)

from app.core.ids import new_id

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class TenantMissing(RuntimeError):
    """A tenant table was touched before a group was chosen: a programming error, never an answer to a person."""


class Forbidden(RuntimeError):
    """A statement that one of the walls refuses: a programming error, never an answer to a person."""


class Base(DeclarativeBase):
    """A table without a group; each one stands in the written list of the catalogue test."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        Decimal: sa.Numeric(20, 4),
        datetime: sa.DateTime(timezone=True),
        date: sa.Date(),
        uuid.UUID: sa.Uuid(),
        str: sa.Text(),
        bytes: sa.LargeBinary(),
        dict[str, Any]: JSONB(),
        list[str]: ARRAY(sa.Text()),  # the dialect's own: the generic one cannot ask what it contains
    }


class Owned:
    """A row of one group: stamped when it is written, filtered whenever it is read."""

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("savings_group.id"), primary_key=True, sort_order=-100)


class Tenant(Owned):
    """A row of one group with an id of its own; the key is (group_id, id): no reference across groups can exist."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-99)


def composite(column: str, to: str) -> sa.ForeignKeyConstraint:
    """A foreign key that carries the group."""
    return sa.ForeignKeyConstraint(["group_id", column], [f"{to}.group_id", f"{to}.id"])


class TenantSession(Session):
    """The session of one group. Its group is in `session.info` and never changes."""

    @property
    def group_id(self) -> uuid.UUID:
        return self.info["group_id"]  # type: ignore[no-any-return]  # Session.info is an untyped dict by design

    def commit(self) -> None:
        raise Forbidden("only core.db commits")


class PlatformSession(Session):
    """The session of the tables without a group, and of a person's own memberships."""

    def commit(self) -> None:
        raise Forbidden("only core.db commits")


def _across_groups(mapper: Any) -> bool:
    return bool(getattr(mapper.class_, "__across_groups__", False))


@event.listens_for(TenantSession, "do_orm_execute")
def _filter_by_group(state: ORMExecuteState) -> None:
    if not state.is_orm_statement:
        if not state.execution_options.get("core_ok"):
            raise Forbidden("Core or text SQL in a group's session: use the ORM, or mark it core_ok and say why")
        return
    if state.is_column_load:
        return  # a refresh by key: loader criteria are not applied there by design; row-level security is
    if state.is_insert or (state.is_update and state.is_executemany):
        raise Forbidden("bulk writes skip the guard of the flush: add objects, or use a function of the database")
    group_id = state.session.info["group_id"]
    state.statement = state.statement.options(
        with_loader_criteria(Owned, lambda table: table.group_id == group_id, include_aliases=True)
    )


@event.listens_for(TenantSession, "before_flush")
def _stamp_group(session: TenantSession, _flush: UOWTransaction, _instances: Any) -> None:
    group_id = session.info["group_id"]
    for row in session.new:
        if isinstance(row, Owned):
            given: uuid.UUID | None = row.group_id
            if given is None:
                row.group_id = group_id
            elif given != group_id:
                raise Forbidden(f"{type(row).__name__} belongs to another group")
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, Owned) and (
            row.group_id != group_id or sa.inspect(row).attrs["group_id"].history.has_changes()
        ):
            raise Forbidden(f"{type(row).__name__} belongs to another group")


@event.listens_for(PlatformSession, "do_orm_execute")
def _refuse_tenant_tables(state: ORMExecuteState) -> None:
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, Owned) and not _across_groups(mapper):
            raise TenantMissing(f"{mapper.class_.__name__} was read before a group was chosen")


@event.listens_for(PlatformSession, "before_flush")
def _refuse_tenant_rows(session: PlatformSession, _flush: UOWTransaction, _instances: Any) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Owned):
            raise TenantMissing(f"{type(row).__name__} was written before a group was chosen")
