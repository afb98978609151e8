"""What this room gives to the house."""

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import Room, Verifier
from app.owners import api, asking, checks, figures, papers, personal, proving, queries, run_page, views, year_views
from app.owners.blueprint import api as endpoints
from app.owners.blueprint import bp

PAGES = (views, year_views, api)  # importing them is what counts
bp.add_app_template_filter(papers.receipt_number, "year_number")
bp.add_app_template_filter(papers.rate_of, "year_rate")
ROOM = Room(
    "owners",
    blueprints=(bp,),
    apis=(endpoints,),
    approvables=asking.APPROVABLES,
    position=figures.position,
    member_panel=figures.position,
    dashboard=figures.dashboard,
    checks=checks.CHECKS,
    verifiers={proving.KIND: Verifier(_("Rents of a year"), proving.holds)},
    rests_on={"receipt": queries.resting_on_receipt, "member": figures.resting_on_member},
    events={"owner_payout": figures.payouts_told},
    records={
        "owner_payout": lambda id_: url_for("owners.payout", payout_id=id_),
        "owner_year": lambda id_: url_for("owners.owner", party_id=id_),
    },
    documents={"owner_payout": run_page.documents_need},
    known={"owner_payout": figures.payout_exists},
    personal=personal.personal,
    sealed=personal.SEALED,
)
