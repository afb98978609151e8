"""Endpoints: who am I, the tokens of the group, ending one. Tokens are made by people, on the page."""

import uuid

from flask import g

from app.groups.access import needs
from app.tokens import queries, services
from app.tokens.blueprint import api
from app.tokens.schemas import MeOut, TokenOut, token_out
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed


@api.get("/me")
@needs("group.see")
@endpoint("Who this token acts for")
def me() -> MeOut:
    """The group, the member, and the rights that both the token and the member have."""
    token = queries.token(g.token_id)
    return MeOut(
        group=g.group.slug,
        group_name=g.group.name,
        currency=g.group.currency,
        time_zone=g.group.time_zone,
        member_id=g.member.id,
        member=g.member.display_name,
        roles=list(g.member.roles),
        rights=sorted(g.permissions),
        read_only=token.read_only,
    )


@api.get("/tokens", endpoint="tokens")
@needs("tokens.manage")
@endpoint("The tokens of the group", covers="tokens.tokens", paged=True)
def tokens_list() -> Listing[TokenOut]:
    """The newest first; secrets are shown once, on the page where a person makes them."""
    return listed(queries.tokens_page(keyset.asked(*queries.CURSOR)), token_out)


@api.delete("/tokens/<uuid:token_id>")
@needs("tokens.manage")
@endpoint("End a token", covers="tokens.token_end")
def token_end(token_id: uuid.UUID) -> None:
    """At once; a token may end itself."""
    services.end_token(queries.token(token_id), by=g.member.id)
