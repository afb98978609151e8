"""What this room gives to the house."""

from flask_babel import lazy_gettext as _

from app.core.rooms import NavItem, Room
from app.registry import api, checks, deed_views, figures, party_views, personal, records, set_views, views, words
from app.registry.blueprint import api as endpoints
from app.registry.blueprint import bp

PAGES = (views, party_views, deed_views, set_views, api)  # importing them is what counts
for word in (words.register_tabs, words.party_kind, words.unit_type, words.usage_word):
    bp.add_app_template_global(word)
ROOM = Room(
    "registry",
    blueprints=(bp,),
    apis=(endpoints,),
    nav=(NavItem(_("Register"), "building", "registry.units", "money.see", order=27),),
    asset_panel=figures.asset_panel,
    checks=checks.CHECKS,
    records=records.PAGES,
    known=records.KNOWN,
    documents=records.DOCUMENTS,
    personal=personal.personal,
    sealed=personal.SEALED,
)
