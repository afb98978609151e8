"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room, Verifier
from app.receipts import (
    api,
    asking,
    batches,
    checks,
    commands,
    deposits_api,
    deposits_queries,
    deposits_views,
    paying,
    payments_api,
    payments_asking,
    payments_checks,
    payments_figures,
    payments_jobs,
    payments_personal,
    payments_views,
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

PAGES = (views, receipt_views, tax_views, payments_views, deposits_views)  # importing them is what counts
ENDPOINTS = (api, run_api, payments_api, deposits_api)  # and these
for word in (words.rent_tabs, words.skip_word, payments_figures.deposit_word):
    bp.add_app_template_global(word)
bp.add_app_template_filter(words.number_of, "receipt_number")
bp.add_app_template_filter(words.month_of, "receipt_month")

ROOM = Room(
    "receipts",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Rent"), "receipt", "receipts.overview", "money.see", order=28),),
    jobs={batches.JOB: batches.run_chunk, payments_jobs.SETTLE: payments_jobs.settle_all},
    job_words={batches.JOB: batches.run_words, payments_jobs.SETTLE: lambda **_told: _("Credit used for open rent")},
    approvables={**asking.APPROVABLES, **payments_asking.APPROVABLES},
    credit_returned={"rent": paying.credit_returned},
    position=payments_figures.position,
    member_panel=payments_figures.position,
    dashboard=payments_figures.dashboard,
    checks=(*checks.CHECKS, *payments_checks.CHECKS),
    events={"client_payment": payments_figures.payments_told, "deposit_movement": payments_figures.deposits_told},
    commands=(commands.receipts,),
    verifiers={
        proving.RECEIPT: Verifier(_("Receipt of rent"), proving.holds, proving.since),
        proving.REVERSAL: Verifier(_("Reversing receipt"), proving.reversal_holds),
    },
    records=records.PAGES,
    rests_on={"lease": deposits_queries.resting_on_lease},
    documents={
        "client_payment": payments_figures.payment_documents,
        "deposit_movement": payments_figures.deposit_documents,
    },
    known={
        "client_payment": payments_figures.payment_exists,
        "deposit_movement": payments_figures.deposit_exists,
        "receipt": records.is_receipt,
        "rent_batch": records.is_batch,
    },
    personal=lambda member_id: {**personal.personal(member_id), **payments_personal.personal(member_id)},
    sealed=(*personal.SEALED, *payments_personal.SEALED),
)
