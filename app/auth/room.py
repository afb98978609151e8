"""What this room gives to the house."""

from app.auth import account_views, confirm_views, link_views, passkey_views, personal, security_views, services, views
from app.auth.blueprint import bp
from app.auth.commands import sessions
from app.core.rooms import Room, UnderMaster

# Importing a module of views fills the blueprint.
PAGES = (views, passkey_views, link_views, account_views, confirm_views, security_views)
ROOM = Room(
    "auth",
    blueprints=(bp,),
    jobs={services.WRITE_LINK: services.write_link},
    personal_of_user=personal.personal,
    commands=(sessions,),
    under_master=(
        UnderMaster("user_account", "totp_secret", "user_account|{id}|totp_secret"),
        UnderMaster("platform_outbox", "payload", services.NOTE, field="sealed"),
    ),
)
