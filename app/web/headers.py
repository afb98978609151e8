"""Security headers of every answer: a strict content policy, and nothing of a signed-in person kept in caches."""

from collections.abc import Callable
from wsgiref.headers import Headers

from flask import Flask, Response, g, session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"


def _signed_in() -> bool:
    # Neither question loads the user: by now the transaction of the request is over.
    user = g.get("_login_user")
    return "_user_id" in session or bool(user and user.is_authenticated)


def _guard(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if _signed_in():
        response.headers["Cache-Control"] = "no-store"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "HX-Target", "Cookie"))
    return response


def of_files(*, hsts: bool) -> Callable[[Headers, str, str], None]:
    """Puts the headers on a file of ours, which is served before the application is asked."""
    told = HEADERS | ({"Strict-Transport-Security": HSTS} if hsts else {})

    def put(headers: Headers, _path: str, _url: str) -> None:
        for name, value in told.items():
            headers[name] = value

    return put


def init_app(app: Flask, *, hsts: bool = False) -> None:
    """Put the headers on every answer; `hsts` only where the site is always served over TLS."""
    app.after_request(_guard)
    if hsts:

        @app.after_request
        def _https_only(response: Response) -> Response:
            response.headers["Strict-Transport-Security"] = HSTS
            return response
