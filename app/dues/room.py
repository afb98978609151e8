"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Verifier
from app.dues import (
    api,
    asking,
    calculating,
    checks,
    figure_views,
    figures,
    figures_api,
    levy_views,
    notices,
    payment_views,
    personal,
    records,
    run_views,
    running,
    runs_api,
    settling,
    sheets,
    telling,
    untelling,
    views,
    words,
)
from app.dues.blueprint import api as endpoints
from app.dues.blueprint import bp
from app.dues.commands import dues

PAGES = (
    views,
    run_views,
    payment_views,
    levy_views,
    figure_views,
    api,
    runs_api,
    figures_api,
)  # importing is what counts
for order, endpoint, text in figure_views.TABS:
    words.add_tab(order, endpoint, text)
bp.add_app_template_global(words.dues_tabs)
bp.add_app_template_global(words.dues_word)
bp.add_app_template_global(words.charge_word)
bp.add_app_template_global(words.period_word)
ROOM = Room(
    "dues",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Dues"), "receipt-text", "dues.runs", "money.see", order=29),),
    settings=(NavItem(_("Dues"), "receipt-text", "dues.terms", "group.see", order=50),),
    jobs={running.JOB: calculating.calculate, telling.TELL: telling.tell, untelling.UNTELL: untelling.untell},
    job_words={
        running.JOB: calculating.run_words,
        telling.TELL: telling.tell_words,
        untelling.UNTELL: untelling.untell_words,
    },
    approvables=asking.APPROVABLES,
    attachments={telling.ATTACHMENT: telling.attachment},
    position=figures.position,
    member_panel=figures.position,
    party_panel=figures.party_panel,
    unit_panel=figures.unit_panel,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    commands=(dues,),
    verifiers={
        notices.KIND: Verifier(_("Notice of dues"), notices.holds),
        sheets.KIND: Verifier(_("Statement of dues"), sheets.holds),
    },
    records=records.PAGES,
    documents={"dues_payment": records.documents_need},
    known={"dues_payment": figures.payment_exists},
    personal=personal.personal,
    sealed=personal.SEALED,
    credit_returned={"dues": lambda _undone: None},  # a part of a charge counts while its entry stands
    rests_on={"member": settling.resting_on_member, "share_out_payment": settling.resting_on_share_out},
    owed_by=settling.owed,
    owed_word=_("Dues"),
    netted=settling.net,
)
