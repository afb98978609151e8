"""The only place that knows which status an error of the domain has."""

import logging
from http import HTTPStatus

from flask import Flask, Response
from flask_babel import gettext as _
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Refused
from app.web.pages import refuse

STATUS: dict[type[DomainError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refused: HTTPStatus.CONFLICT,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
}
log = logging.getLogger(__name__)


def status_of(error: DomainError) -> HTTPStatus:
    """The status that an error of the domain is answered with."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.CONFLICT)


def _domain(error: DomainError) -> Response:
    return refuse(status_of(error), str(error))


def _csrf(_error: CSRFError) -> Response:
    return refuse(
        HTTPStatus.BAD_REQUEST,
        _("This page has been open for too long, or in another window. Reload it and send it again."),
    )


def _limited(_error: RateLimitExceeded) -> Response:
    return refuse(HTTPStatus.TOO_MANY_REQUESTS, _("Too many tries. Wait a minute and try again."))


def _http(error: HTTPException) -> Response:
    return refuse(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, "")


def _stale(error: Exception) -> Response:
    log.warning("conflicting change: %s", type(error).__name__)
    return refuse(
        HTTPStatus.CONFLICT, _("Someone else changed this at the same moment. Reload the page and look again.")
    )


def _unfit(error: Exception) -> Response:
    # The last net: forms check what they take, and this catches what no form names (a query string, a forged id).
    log.warning("unfit value: %s", type(error).__name__)
    return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, _("One of the values cannot be used. Check what you typed."))


def _busy(error: Exception) -> Response:
    log.error("database unavailable: %s", type(error).__name__)
    return refuse(HTTPStatus.SERVICE_UNAVAILABLE, "")


def _crash(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "")


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
