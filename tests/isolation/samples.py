"""A value for every argument of an address, and why each address outside the groups may be open."""

from dataclasses import dataclass

from tests.isolation.world import Place


@dataclass(frozen=True)
class Id:
    """An id of a group: the latest of this table. Another group's leads nowhere."""

    table: str


@dataclass(frozen=True)
class Word:
    """Words that are the same in every group; pages are got with each, all else with the first."""

    values: tuple[str, ...]


def word(*values: str) -> Word:
    """One of these words."""
    return Word(values)


DOCUMENTS = ("document_new", "document_create", "documents_list", "document_add")
# By the name of the argument; "endpoint:argument" where one name means two things.
SAMPLES: dict[str, Id | Word] = {
    "account_id": Id("account"),
    "buy_out_id": Id("buy_out"),
    "cash_account_id": Id("cash_account"),
    "member_id": Id("member"),
    "message_id": Id("outbox"),
    "mail_id": Id("mail_message"),
    "notification_id": Id("notification"),
    "number": Id("entry.number"),
    "payment_id": Id("payment"),
    "penalty_id": Id("penalty"),
    "request_id": Id("approval_request"),
    "run_id": Id("statement_run"),
    "token_id": Id("api_token"),
    "waiver_id": Id("penalty_waiver"),
    "window_id": Id("contribution_window"),
    "held_id": Id("held_receipt"),
    "event_id": Id("audit_event"),
    "flag_id": Id("audit_flag"),
    "file_id": Id("import_file"),
    "import_id": Id("import_file"),
    "line_id": Id("statement_line"),
    "invitation_id": Id("invitation"),
    "row_id": Id("cash_account"),
    "hook_id": Id("hook_address"),
    "delivery_id": Id("hook_delivery"),
    "category": word("general", "financial", "security", "notifications"),
    "exit_request_id": Id("exit_request"),
    "liquidity_event_id": Id("liquidity_event"),
    "fulfilment_id": Id("exit_fulfilment"),
    "code": word("no-such-code"),
    "buyouts.paper_new:side": word("seller", "buyer"),
    "buyouts.paper_create:side": word("buyer"),
    "ledgers.accounts_of:kind": word("savings", "cash", "penalties_receivable"),
    "imports.upload_new:kind": word("members", "statement", "opening", "contributions", "units", "leases"),
    "imports.upload_create:kind": word("members", "statement"),
    "reports.report:name": word("trial-balance", "income-statement", "balance-sheet", "cash-flow"),
    "reports.download:name": word("trial-balance", "journal"),
    "reports.download:form": word("csv", "xlsx", "json"),
    **dict.fromkeys(("reports.as_csv:name", "reports.as_json:name", "reports.as_xlsx:name"), word("trial-balance")),
    **{
        f"payouts.{page}:payment_id": Id("member_payment")
        for page in ("payment", "reversal", "reverse", "payment_reverse")
    },
    "assessment_id": Id("assessment_event"),
    "charge_id": Id("dues_charge"),
    "proposal_id": Id("penalty_proposal"),
    "rule_id": Id("penalty_rule"),
    "config_id": Id("assessment_config"),
    "dues_payment_id": Id("dues_payment"),
    "settlement_id": Id("dues_settlement"),
    "dues.notice_pdf:assessment_id": Id("dues_charge.event"),
    "dues.notice_pdf:party_id": Id("dues_charge.party"),
    "batch_id": Id("rent_batch"),
    "receipt_id": Id("receipt"),
    "owner_id": Id("party"),
    **{f"staff.{page}:kind": word("rent_withholding", "rent_income") for page in ("tax_rates_new", "tax_rates_create")},
    "movement_id": Id("deposit_movement"),
    "refund_id": Id("credit_refund"),
    "payout_id": Id("owner_payout"),
    "year": word("2026"),
    **{f"owners.{page}:run_id": Id("owner_payout_run") for page in ("run", "payout_run")},
    **{
        f"receipts.{page}:payment_id": Id("client_payment")
        for page in ("payment", "payment_reversal", "payment_reverse")
    },
    "share_out_id": Id("share_out"),
    "fund_id": Id("fund"),
    "document_id": Id("document"),
    **{f"files.{page}:kind": word("member_payment") for page in DOCUMENTS},
    **{f"files.{page}:record_id": Id("member_payment") for page in DOCUMENTS},
    "unit_id": Id("unit"),
    "party_id": Id("party"),
    "deed_id": Id("deed"),
    "set_id": Id("allocation_set"),
    "lease_id": Id("lease"),
    "assignment_id": Id("assignment"),
    "asset_id": Id("asset"),
    **{f"assets.{page}:sale_id": Id("asset_sale") for page in ("sale_reversal", "sale_reverse")},
    "investment_id": Id("investment"),
    "valuation_id": Id("valuation"),
    "income_id": Id("investment_income"),
    "holdings.sale:sale_id": Id("investment_sale"),
    "holdings.sale_reverse:sale_id": Id("investment_sale"),
    **{f"holdings.{page}:kind": word("investment") for page in ("reversal_new", "reversal_create")},
    **{f"holdings.{page}:record_id": Id("investment") for page in ("reversal_new", "reversal_create")},
    "month": word("2026-01"),
    "period": word("2026-01"),
    "token": word("no-such-token"),
    "mailbox.message:name": word("no-such-mail.eml"),
    "mailbox.attachment:name": word("no-such-mail.eml"),
    "mailbox.attachment:number": word("1"),
    "export_id": word("01a1fc05-0000-7000-8000-000000000000"),
    "passkey_id": word("01a1fc05-0000-7000-8000-000000000000"),
    "session_id": word("01a1fc05-0000-7000-8000-000000000000"),
    "group_id": word("01a1fc05-0000-7000-8000-000000000000"),  # of pages of staff, which have tests of their own
    "alert_id": word("01a1fc05-0000-7000-8000-000000000000"),
}

# Pages outside the groups: whom they are for. A new one stands here or the build fails.
ANYBODY = "anybody"
OWN = "a signed-in person, about themselves"
STAFF = "platform staff; for everybody else it does not exist"
OUTSIDE: dict[str, str] = {
    "api_document.openapi": ANYBODY,  # the description of the API, the same for everybody
    "auth.account": OWN,
    "auth.change_address": OWN,
    "auth.change_password": OWN,
    "auth.change_profile": OWN,
    "auth.confirm": ANYBODY,
    "auth.confirm_change": ANYBODY,
    "auth.end_other_sessions": OWN,
    "auth.end_session": OWN,
    "auth.forgot": ANYBODY,
    "auth.new_recovery_codes": OWN,
    "auth.not_me": ANYBODY,
    "auth.passkey_add": OWN,
    "auth.passkey_new": OWN,
    "auth.passkey_new_options": OWN,
    "auth.passkey_options": ANYBODY,
    "auth.passkey_remove": OWN,
    "auth.passkey_sign_in": ANYBODY,
    "auth.recovery": ANYBODY,
    "auth.recovery_codes_file": OWN,
    "auth.resend": ANYBODY,
    "auth.reset": ANYBODY,
    "auth.second_factor": ANYBODY,
    "auth.second_factor_end": OWN,
    "auth.second_factor_set_up": OWN,
    "auth.second_factor_start": OWN,
    "auth.second_passkey": ANYBODY,
    "auth.second_passkey_options": ANYBODY,
    "auth.security": OWN,
    "auth.sign_in": ANYBODY,
    "auth.sign_out": ANYBODY,
    "auth.step_up": OWN,
    "auth.step_up_passkey": OWN,
    "auth.step_up_passkey_options": OWN,
    "auth.stepped_up": OWN,
    "auth.undo_change": ANYBODY,
    "developers.index": ANYBODY,
    "health.healthz": ANYBODY,
    "health.readyz": ANYBODY,
    "metrics.metrics": ANYBODY,  # who lacks the token is told that there is no such page
    "privacy.agreements": ANYBODY,
    "privacy.ask_copy": OWN,
    "privacy.copy": OWN,
    "privacy.data": OWN,
    "privacy.erase": OWN,
    "privacy.give": OWN,
    "privacy.keep": OWN,
    "privacy.withdraw": OWN,
    "home.groups": OWN,
    "home.landing": ANYBODY,
    "home.new_group": OWN,
    "home.new_group_send": OWN,
    "home.sign_up": ANYBODY,
    "home.sign_up_send": ANYBODY,
    "joining.invitation": ANYBODY,
    "joining.join": ANYBODY,
    "mailbox.attachment": ANYBODY,
    "mailbox.message": ANYBODY,
    "mailbox.messages": ANYBODY,
    "staff.acts": STAFF,
    "staff.alerts": STAFF,
    "staff.group": STAFF,
    "staff.groups": STAFF,
    "staff.inside": STAFF,
    "staff.inside_accounts": STAFF,
    "staff.inside_entries": STAFF,
    "staff.inside_log": STAFF,
    "staff.inside_members": STAFF,
    "staff.inside_work": STAFF,
    "staff.look_create": STAFF,
    "staff.look_end": STAFF,
    "staff.look_new": STAFF,
    "staff.people": STAFF,
    "staff.retry": STAFF,
    "staff.revive": STAFF,
    "staff.settings": STAFF,
    "staff.settings_change": STAFF,
    "staff.settle": STAFF,
    "staff.settle_new": STAFF,
    "staff.standing": STAFF,
    "staff.start": STAFF,
    "staff.suspend": STAFF,
    "staff.tax_rates": STAFF,
    "staff.tax_rates_create": STAFF,
    "staff.tax_rates_new": STAFF,
    "staff.work": STAFF,
    "styleguide.show": ANYBODY,
    "verification.verify": ANYBODY,
}


def sample(endpoint: str, argument: str) -> Id | Word | None:
    """What stands for the argument in this address; None when nobody said."""
    return SAMPLES.get(f"{endpoint}:{argument}") or SAMPLES.get(argument)


def value(place: Place, endpoint: str, argument: str) -> str:
    """The argument as an address of this group writes it. Raises KeyError when nothing of that table was planted."""
    if argument == "slug":
        return place.slug
    found = sample(endpoint, argument)
    if isinstance(found, Id):
        return place.ids[found.table]
    if found is None:
        raise KeyError(f"{endpoint}: no sample for <{argument}>; add one to tests/isolation/samples.py")
    return found.values[0]
