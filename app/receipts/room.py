"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Verifier
from app.receipts import (
    api,
    asking,
    batches,
    checks,
    commands,
    payments_jobs,
    personal,
    proving,
    receipt_views,
    records,
    run_api,
    tax_views,
    views,
    words,
)
from app.receipts.blueprint import api as endpoints
from app.receipts.blueprint import bp

PAGES = (views, receipt_views, tax_views)  # importing them is what counts
ENDPOINTS = (api, run_api)  # and these
for word in (words.rent_tabs, words.skip_word):
    bp.add_app_template_global(word)
bp.add_app_template_filter(words.number_of, "receipt_number")
bp.add_app_template_filter(words.month_of, "receipt_month")

ROOM = Room(
    "receipts",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Rent"), "receipt", "receipts.overview", "money.see", order=29),),
    jobs={batches.JOB: batches.run_chunk, payments_jobs.SETTLE: payments_jobs.settle_all},
    job_words={batches.JOB: batches.run_words, payments_jobs.SETTLE: lambda **_told: _("Credit used for open rent")},
    approvables=asking.APPROVABLES,
    checks=checks.CHECKS,
    commands=(commands.receipts,),
    verifiers={
        proving.RECEIPT: Verifier(_("Receipt of rent"), proving.holds),
        proving.REVERSAL: Verifier(_("Reversing receipt"), proving.reversal_holds),
    },
    records=records.PAGES,
    known={"receipt": records.is_receipt, "rent_batch": records.is_batch},
    personal=personal.personal,
    sealed=personal.SEALED,
)
