"""What operations gives to the house: figures, the watch, and what is done for every group by night."""

from flask_babel import lazy_gettext as _

from app.core import alerts
from app.core.rooms import Room, Schedule
from app.ledgers.telling import LARGE
from app.operations import heads, large, mailing, proving, sizes, tidying
from app.operations.commands import heads as heads_command
from app.operations.commands import watch_once
from app.web import metrics

HOUR = 3600

ROOM = Room(
    "operations",
    blueprints=(metrics.bp,),
    commands=(heads_command, watch_once),
    jobs={
        alerts.JOB: mailing.mail_alert,
        LARGE: large.tell_of_large,
        proving.JOB: proving.prove_group,
        heads.JOB: heads.mail_heads,
    },
    job_words={
        LARGE: lambda **_payload: _("A movement above the group’s limit"),
        proving.JOB: lambda **_payload: _("Nightly proof of the books"),
        heads.JOB: lambda **_payload: _("Head of the books, mailed to officers"),
    },
    schedules=(
        Schedule("proofs", HOUR, proving.plan, platform=True),
        Schedule("chain_heads", HOUR, heads.plan, platform=True),
        Schedule("sizes", HOUR, sizes.measure, platform=True),
        Schedule("tidy_outbox", 24 * HOUR, tidying.tidy, platform=True),
    ),
)
