"""Looking for words everywhere: each column of each table as a superuser, what keys still open, Redis, and files."""

import uuid
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.core.crypto import open_sealed
from app.core.db import session, transaction
from app.core.keys import keys_of
from app.core.mail import MailMessage
from app.core.mail.queueing import opened
from app.core.rooms import rooms

COLUMNS = """SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
             WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"""


def in_database(app: Flask, words: Iterable[str]) -> list[str]:
    """Every column that holds one of the words in any of its values, whatever its type."""
    admin = sa.create_engine(app.config["SETTINGS"].database.admin)
    found = []
    with admin.connect() as connection:
        for schema, table, column, kind in connection.exec_driver_sql(COLUMNS).all():
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            for word in words:
                asked = f'SELECT count(*) FROM "{schema}"."{table}" WHERE {text} ILIKE %s'
                if connection.exec_driver_sql(asked, (f"%{word}%",)).scalar_one():
                    found.append(f"{table}.{column}: {word}")
    admin.dispose()
    return found


def in_sealed(group_id: uuid.UUID, words: Iterable[str]) -> list[str]:
    """Every sealed text that a key which is left still opens, and that holds one of the words."""
    found = []
    with transaction(group_id=group_id):
        for kept in (kept for room in rooms() for kept in room.sealed):
            for row in session().scalars(sa.select(kept.model)).all():
                subject = getattr(row, kept.subject) if kept.subject else group_id
                key, sealed = keys_of([subject])[subject] if subject else None, getattr(row, kept.column)
                text = open_sealed(key, sealed, kept.place(row.id)).decode() if key and sealed else ""
                found += [f"{kept.model.__tablename__}: {word}" for word in words if word.lower() in text.lower()]
        for mail in session().scalars(sa.select(MailMessage)).all():
            letter = opened(mail)
            found += [f"mail_message: {word}" for word in words if letter and word.lower() in str(letter).lower()]
    return found


def in_redis(app: Flask, words: Iterable[str]) -> list[str]:
    """Every key of Redis that names or holds one of the words."""
    redis = app.extensions["redis"]
    told = [(key, redis.dump(key) or b"") for key in redis.scan_iter("*")]
    return [str(key) for key, value in told for word in words if word.lower().encode() in (key + value).lower()]


def in_files(folder: Path, words: Iterable[str]) -> list[str]:
    """Every file under a folder that holds one of the words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files for word in words if word.lower().encode() in path.read_bytes().lower()]
