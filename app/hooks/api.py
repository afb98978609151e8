"""Endpoints: the addresses that are told, and what was sent to them."""

import uuid

from flask import g

from app.groups.access import needs
from app.hooks import deliveries, queries, services
from app.hooks.blueprint import api
from app.hooks.schemas import DeliveryOut, HookIn, HookOut, SecretIn, SecretOut, delivery_out, hook_out
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed, whole
from app.web.api.once import deed_key


@api.get("/hooks", endpoint="hooks")
@needs("tokens.manage")
@endpoint("The addresses that are told of what happens", covers="hooks.hooks")
def hooks_list() -> Listing[HookOut]:
    """All that were not ended, the newest first."""
    return whole(queries.hooks(), hook_out)


@api.post("/hooks")
@needs("tokens.manage")
@endpoint("Add an address", covers=("hooks.hook_new", "hooks.hook_create"), status=201, secret=True)
def hook_create(body: HookIn) -> SecretOut:
    """It is told by signed POST requests in the form of Standard Webhooks. The secret is told this once."""
    told = {"url": body.url, "events": body.events, "secret": body.secret}
    made, secret = services.add_hook(**told, by=g.member.id, key=deed_key())  # type: ignore[arg-type]  # keywords
    return SecretOut(id=made.id, secret=secret)


@api.get("/hooks/<uuid:hook_id>")
@needs("tokens.manage")
@endpoint("An address", covers="hooks.hook")
def hook(hook_id: uuid.UUID) -> HookOut:
    """Whether it is told, and since when it has failed."""
    return hook_out(queries.hook(hook_id))


@api.delete("/hooks/<uuid:hook_id>")
@needs("tokens.manage")
@endpoint("End an address", covers="hooks.hook_end")
def hook_end(hook_id: uuid.UUID) -> None:
    """It is told nothing more, for good."""
    services.end(queries.hook(hook_id).hook, by=g.member.id)


@api.post("/hooks/<uuid:hook_id>/secret")
@needs("tokens.manage")
@endpoint("Change the secret of an address", covers="hooks.hook_rotate", status=201, secret=True)
def hook_rotate(hook_id: uuid.UUID, body: SecretIn) -> SecretOut:
    """The one before it signs as well for 24 hours."""
    secret = services.rotate(queries.hook(hook_id).hook, by=g.member.id, secret=body.secret)
    return SecretOut(id=hook_id, secret=secret)


@api.post("/hooks/<uuid:hook_id>/pause")
@needs("tokens.manage")
@endpoint("Pause an address", covers="hooks.hook_pause")
def hook_pause(hook_id: uuid.UUID) -> None:
    """What happens meanwhile is not kept for it."""
    services.pause(queries.hook(hook_id).hook, by=g.member.id)


@api.post("/hooks/<uuid:hook_id>/resume")
@needs("tokens.manage")
@endpoint("Tell an address again", covers="hooks.hook_resume")
def hook_resume(hook_id: uuid.UUID) -> None:
    """Also after it was paused because it failed."""
    services.resume(queries.hook(hook_id).hook, by=g.member.id)


@api.post("/hooks/<uuid:hook_id>/test")
@needs("tokens.manage")
@endpoint("Send a test", covers="hooks.hook_test", status=202)
def hook_test(hook_id: uuid.UUID) -> DeliveryOut:
    """A message of the type hook.test; what became of it stands in the list of deliveries."""
    return delivery_out(deliveries.send_test(queries.hook(hook_id).hook, by=g.member.id))


@api.get("/hooks/<uuid:hook_id>/deliveries")
@needs("tokens.manage")
@endpoint("What was sent to an address", covers="hooks.hook", paged=True)
def deliveries_list(hook_id: uuid.UUID) -> Listing[DeliveryOut]:
    """The newest first; they are kept for 90 days."""
    queries.hook(hook_id)
    return listed(queries.deliveries_page(hook_id, keyset.asked(*queries.CURSOR)), delivery_out)


@api.post("/hooks/<uuid:hook_id>/deliveries/<uuid:delivery_id>/redeliver")
@needs("tokens.manage")
@endpoint("Send a message once more", covers="hooks.delivery_redeliver", status=202)
def delivery_redeliver(hook_id: uuid.UUID, delivery_id: uuid.UUID) -> DeliveryOut:
    """Under the same id."""
    row = queries.delivery(hook_id, delivery_id)
    deliveries.redeliver(queries.hook(hook_id).hook, row, by=g.member.id)
    return delivery_out(row)
