"""Endpoints of penalty rules, of proposals, and of their review."""

import uuid

from flask import g

from app.groups.access import needs
from app.latefees import proposing, queries, reviewing, rulebook
from app.latefees.blueprint import api
from app.latefees.rulebook import Rule, rule_row
from app.latefees.rules import Terms
from app.latefees.schemas import (
    ChosenIn,
    DeclineIn,
    LookIn,
    LookOut,
    ProposalOut,
    ProposalsQuery,
    ReviewedOut,
    RuleIn,
    RuleOut,
    proposal_out,
    rule_out,
)
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


def _rule(body: RuleIn) -> Rule:
    terms = Terms(body.days, body.kind, body.value, body.base, body.minimum, body.cap, body.repeats)
    return Rule(body.name, terms, body.levy, body.allocation_set, body.due_from)


def _left() -> ReviewedOut:
    count, total = queries.waiting_in_all()
    return ReviewedOut(waiting=count, total=total)


@api.get("/penalty-rules", endpoint="penalty_rules")
@needs("money.see")
@endpoint("Penalty rules", covers="latefees.rules", paged=True)
def rules_list() -> Listing[RuleOut]:
    """By name, those out of use among them."""
    return listed(queries.rules_page(at=keyset.asked(str, uuid.UUID)), lambda line: rule_out(line.rule))


@api.post("/penalty-rules")
@needs("settings.manage")
@endpoint("Make a penalty rule", covers=("latefees.rule_new", "latefees.rule_create"), status=201)
def rule_create(body: RuleIn) -> RuleOut:
    """For a levy, for a set of deeds, or for all dues: one of each is in use."""
    return rule_out(rulebook.make_rule(_rule(body), by=g.member.id, key=deed_key()))


@api.get("/penalty-rules/<uuid:rule_id>")
@needs("money.see")
@endpoint("A penalty rule", covers="latefees.rule")
def rule(rule_id: uuid.UUID) -> RuleOut:
    """What it says now."""
    return rule_out(rule_row(rule_id))


@api.put("/penalty-rules/<uuid:rule_id>")
@needs("settings.manage")
@endpoint("Change a penalty rule", covers=("latefees.rule_edit", "latefees.rule_change"))
def rule_change(rule_id: uuid.UUID, body: RuleIn) -> RuleOut:
    """For what is proposed from now on."""
    return rule_out(rulebook.edit_rule(rule_id, _rule(body), by=g.member.id))


@api.post("/penalty-rules/<uuid:rule_id>/stop")
@needs("settings.manage")
@endpoint("Take a penalty rule out of use", covers="latefees.rule_stop")
def rule_stop(rule_id: uuid.UUID) -> RuleOut:
    """What it made stays."""
    return rule_out(rulebook.set_active(rule_id, active=False, by=g.member.id))


@api.post("/penalty-rules/<uuid:rule_id>/resume")
@needs("settings.manage")
@endpoint("Take a penalty rule up again", covers="latefees.rule_resume")
def rule_resume(rule_id: uuid.UUID) -> RuleOut:
    """It makes penalties again."""
    return rule_out(rulebook.set_active(rule_id, active=True, by=g.member.id))


@api.get("/late-penalties", endpoint="late_penalties")
@needs("money.see")
@endpoint("Proposed late penalties", covers="latefees.proposals", paged=True)
def proposals_list(query: ProposalsQuery) -> Listing[ProposalOut]:
    """What waits, the oldest first; or what was decided, the latest first."""
    decided = query.state == "decided"
    return listed(queries.proposals_page(decided=decided, at=keyset.asked(uuid.UUID)), proposal_out)


@api.post("/late-penalties")
@needs("money.record")
@endpoint("Have a worker look for late dues", covers="latefees.look", status=201)
def look(body: LookIn) -> LookOut:
    """It proposes; looking again proposes nothing twice."""
    return LookOut(job=proposing.ask(body.on, key=deed_key()))


@api.get("/late-penalties/<uuid:proposal_id>")
@needs("money.see")
@endpoint("A proposed late penalty", covers="latefees.proposal")
def proposal(proposal_id: uuid.UUID) -> ProposalOut:
    """What it is on and what became of it."""
    return proposal_out(queries.proposal_line(proposal_id))


@api.post("/late-penalties/acceptance")
@needs("money.record")
@endpoint("Post proposed late penalties", covers=("latefees.review", "latefees.accept"))
def accept(body: ChosenIn) -> ReviewedOut | Waiting:
    """Each as a charge of its own. Above the group's threshold it waits for a second person."""
    ids = body.proposals or reviewing.waiting_ids()
    outcome = reviewing.ask_accept(ids, by=g.member.id, key=deed_key())
    return Waiting(outcome.request_id) if outcome.waits else _left()


@api.post("/late-penalties/refusal")
@needs("money.record")
@endpoint("Decline proposed late penalties", covers="latefees.decline")
def decline(body: DeclineIn) -> ReviewedOut:
    """With a reason. They are not proposed again for their months."""
    reviewing.decline(body.proposals or reviewing.waiting_ids(), reason=body.reason, by=g.member.id)
    return _left()
