"""What actions, records and fields of the log are called by people."""

from flask_babel import lazy_gettext as _

ACTIONS: dict[str, object] = {
    "create": _("Added"),
    "update": _("Changed"),
    "delete": _("Deleted"),
    "approve": _("Approved"),
    "reject": _("Rejected"),
    "suspend": _("Suspended"),
    "activate": _("Let back in"),
    "deactivate": _("Paused"),
    "leave": _("Left the group"),
    "invite": _("Invited"),
    "withdraw": _("Withdrew"),
    "accept": _("Accepted"),
    "read": _("Read sealed data"),
    "flag": _("Flagged"),
    "answer": _("Answered"),
    "settle": _("Settled"),
    "export": _("Exported"),
    "login": _("Signed in"),
    "post": _("Posted"),
    "reverse": _("Reversed"),
    "close": _("Closed"),
    "import": _("Imported"),
    "waive": _("Waived"),
    "levy": _("Levied"),
    "send": _("Sent"),
    "retry": _("Tried again"),
    "look": _("Looked at"),
    "pay": _("Paid"),
    "cancel": _("Cancelled"),
    "fulfil": _("Fulfilled"),
    "run": _("Started"),
    "issue": _("Issued"),
}
ENTITIES: dict[str, object] = {
    "look": _("Inside of the group"),
    "inside_overview": _("Overview"),
    "inside_members": _("Members"),
    "inside_accounts": _("Accounts"),
    "inside_entries": _("Entries"),
    "inside_work": _("Background work"),
    "inside_log": _("Audit log"),
    "group": _("Group"),
    "member": _("Member"),
    "invitation": _("Invitation"),
    "permission": _("Permission"),
    "policy": _("Rules of the group"),
    "settings": _("Settings"),
    "flag": _("Flag"),
    "entry": _("Entry"),
    "contribution": _("Contribution"),
    "penalty": _("Penalty"),
    "period": _("Month"),
    "cash_account": _("Cash account"),
    "transfer": _("Transfer"),
    "statement": _("Statement"),
    "import": _("Import"),
    "api_key": _("Token of a program"),
    "hook": _("Address of a program"),
    "member_payment": _("Payment to a member"),
    "payouts": _("Payments to members"),
    "document": _("Document"),
    "exit_request": _("Request to leave or withdraw"),
    "exit_fulfilment": _("Part of a request made payable"),
    "liquidity_event": _("Money set aside"),
    "investment": _("Investment"),
    "investment_sale": _("Sale of an investment"),
    "investment_income": _("Income of an investment"),
    "valuation": _("Value of an investment"),
    "buy_out": _("Buy-out"),
    "asset": _("Asset"),
    "asset_sale": _("Sale of an asset"),
    "money_path": _("Path of a member’s money"),
    "share_out": _("Share-out"),
    "share_out_payment": _("Payment of a share-out"),
    "fund": _("Fund"),
    "receipt": _("Receipt of rent"),
    "rent_batch": _("Run of receipts"),
    "tax_option": _("Choice of tax"),
    "client_payment": _("Rent payment"),
    "client_payments": _("Rent payments"),
    "rent_outstanding": _("Outstanding rent"),
    "deposit_movement": _("Movement of a deposit"),
    "credit_refund": _("Credit paid back"),
    "credits": _("Credits"),
    "owner_payout": _("Payout to an owner"),
    "owners": _("Rents of owners"),
    "owner_year": _("Rents of a year"),
    "assessment_config": _("Levy"),
    "assessment_event": _("Run of dues"),
    "dues_charge": _("Charge of dues"),
    "dues_payment": _("Payment of dues"),
    "dues_settlement": _("Dues written off"),
    "dues_budget": _("Budget"),
    "dues_notice": _("Notice of dues"),
    "dues_statement": _("Statement of dues"),
    "penalty_rule": _("Penalty rule"),
    "penalty_proposal": _("Late penalty"),
}
FIELDS: dict[str, object] = {
    "display_name": _("Name"),
    "identifier": _("Member number"),
    "email": _("E-mail address"),
    "phone": _("Phone"),
    "joined_on": _("Joined on"),
    "left_on": _("Left on"),
    "voting_rights": _("May vote"),
    "national_id": _("National identity number"),
    "roles": _("Roles"),
    "status": _("Status"),
    "reason": _("Reason"),
    "effective_on": _("Starts on"),
    "max_members": _("Members at most"),
    "time_zone": _("Time zone"),
    "locale": _("Language"),
    "approval_threshold": _("A second person approves movements above"),
    "maximum_amount": _("Largest amount that can be entered"),
    "idle_minutes": _("Sign officers out after idle minutes"),
}


def action(name: str) -> object:
    """The word for an action; one without a word is written as it is called."""
    return ACTIONS.get(name) or plain(name)


def entity(name: str) -> object:
    """The word for a kind of record."""
    return ENTITIES.get(name) or plain(name)


def field(name: str) -> object:
    """The words for a field."""
    return FIELDS.get(name) or plain(name.rpartition(".")[2])


def plain(name: str) -> str:
    """A name of the program as people would write it."""
    return name.replace("_", " ").capitalize()
