"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.rentals import api, assignment_views, checks, figures, personal, records, views, words
from app.rentals.blueprint import api as endpoints
from app.rentals.blueprint import bp

PAGES = (views, assignment_views, api)  # importing them is what counts
bp.add_app_template_global(words.standing, "rental_standing")
ROOM = Room(
    "rentals",
    blueprints=(bp,),
    apis=(endpoints,),
    register_tabs=(
        NavItem(_("Leases"), "key-round", "rentals.leases", "money.see", order=30),
        NavItem(_("Entitlement"), "calendar-days", "rentals.entitlement", "money.see", order=40),
    ),
    unit_panel=figures.unit_panel,
    party_panel=figures.party_panel,
    checks=checks.CHECKS,
    records=records.PAGES,
    known=records.KNOWN,
    documents={"lease": records.who_reads_documents},
    personal=personal.personal,
)
