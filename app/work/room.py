"""What this room gives to the house: the jobs that send mail, and the pages where their fate can be seen."""

from flask_babel import lazy_gettext as _

from app.core.mail import queueing, sending
from app.core.rooms import NavItem, Room
from app.work import api, mailbox, views
from app.work.blueprint import api as endpoints
from app.work.blueprint import bp
from app.work.queries import mail_words

PAGES = (views, api)  # importing them is what counts

ROOM = Room(
    "work",
    blueprints=(bp, mailbox.bp),
    apis=(endpoints,),
    nav=(NavItem(_("Background work"), "activity", "work.overview", "jobs.manage", order=95),),
    jobs={queueing.GROUP_JOB: sending.send, queueing.PERSON_JOB: sending.send_to_person},
    job_words={queueing.GROUP_JOB: mail_words},
)
