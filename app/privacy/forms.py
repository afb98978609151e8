"""The forms of asking to be erased, and of asking it for a member."""

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from app.auth.forms import current_password
from app.web.forms import Form


class EraseForm(Form):
    """The password once more, before two weeks begin."""

    password = current_password(_("Your password"))


class EraseMemberForm(Form):
    """Why somebody without a sign-in, or who has left, is to be erased."""

    reason = TextAreaField(
        _("Why"),
        [InputRequired(_("Say why: they may ask, and so may an auditor.")), Length(max=500)],
        render_kw={"rows": 3},
    )
