"""The only place that knows which status an error of the domain has."""

import logging
from http import HTTPStatus

from flask import Flask, Response
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Refused
from app.web.api.blueprint import is_api
from app.web.api.errors import NotSignedIn, OtherMedia, Unfit
from app.web.api.problems import problem
from app.web.pages import refuse

STATUS: dict[type[DomainError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refused: HTTPStatus.CONFLICT,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    OtherMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
log = logging.getLogger(__name__)


def status_of(error: DomainError) -> HTTPStatus:
    """The status that an error of the domain is answered with."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.CONFLICT)


def _answer(status: int, sentence: str, code: str) -> Response:
    """A page for people, a problem for programs."""
    return problem(status, sentence, code) if is_api() else refuse(status, sentence)


def _domain(error: DomainError) -> Response:
    if isinstance(error, NotAllowed):
        log.warning("refused: %s", type(error).__name__)
    if not is_api():
        return refuse(status_of(error), str(error))
    faults = error.faults if isinstance(error, Unfit) else [(error.field, str(error))] if error.field else []
    return problem(status_of(error), str(error), error.code, faults)


def _csrf(_error: CSRFError) -> Response:
    log.warning("refused: a form without its token")
    return refuse(
        HTTPStatus.BAD_REQUEST,
        _("This page has been open for too long, or in another window. Reload it and send it again."),
    )


def _limited(_error: RateLimitExceeded) -> Response:
    log.warning("refused: too many tries")
    sentence = _("Too many tries. Wait a minute and try again.")
    return _answer(HTTPStatus.TOO_MANY_REQUESTS, sentence, "too_many_requests")


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = _answer(status, "", status.name.lower())
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _stale(error: Exception) -> Response:
    log.warning("conflicting change: %s", type(error).__name__)
    sentence = _("Someone else changed this at the same moment. Reload the page and look again.")
    return _answer(HTTPStatus.CONFLICT, sentence, "changed_meanwhile")


def _unfit(error: Exception) -> Response:
    # The last net: forms check what they take, and this catches what no form names (a query string, a forged id).
    log.warning("unfit value: %s", type(error).__name__)
    sentence = _("One of the values cannot be used. Check what you typed.")
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, "unfit")


def _busy(error: Exception) -> Response:
    log.error("database unavailable: %s", type(error).__name__)
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "", "busy")


def _crash(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "", "fault")


def init_app(app: Flask) -> None:
    """Answer every error in plain words."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RateLimitExceeded, _limited)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _stale)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(DataError, _unfit)
    app.register_error_handler(OperationalError, _busy)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _crash)
