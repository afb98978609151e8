"""What this room gives to the house."""

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import Room, Schedule
from app.dues.words import add_tab
from app.latefees import api, checks, figures, personal, proposing, reviewing, rule_views, views, words
from app.latefees.blueprint import api as endpoints
from app.latefees.blueprint import bp
from app.latefees.commands import penalties
from app.latefees.rulebook import terms_of

PAGES = (views, rule_views, api)  # importing them is what counts
add_tab(40, "latefees.proposals", _("Late penalties"))
bp.add_app_template_global(lambda row: words.cost(terms_of(row)), "penalty_cost")
bp.add_app_template_global(words.grace, "penalty_grace")
bp.add_app_template_global(lambda word: str(words.WORDS[word]), "penalty_word")
ROOM = Room(
    "latefees",
    blueprints=(bp,),
    apis=(endpoints,),
    jobs={proposing.JOB: proposing.propose, reviewing.TELL: reviewing.tell},
    job_words={proposing.JOB: proposing.words, reviewing.TELL: reviewing.tell_words},
    schedules=(Schedule("late_penalties", proposing.EVERY, proposing.plan),),
    approvables=reviewing.APPROVABLES,
    listeners=(proposing.on_event,),
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    commands=(penalties,),
    records={
        "penalty_rule": lambda id_: url_for("latefees.rule", rule_id=id_),
        "penalty_proposal": lambda id_: url_for("latefees.proposal", proposal_id=id_),
    },
    personal=personal.personal,
    sealed=personal.SEALED,
)
