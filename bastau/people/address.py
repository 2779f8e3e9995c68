from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The network address a request comes from, as the limits count it.

    Behind our proxy it is the last entry of X-Forwarded-For, which the proxy itself wrote; what a client puts there
    stands before it and is not believed. A request over a Unix socket has none and counts as `local`.
    """
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR") or "local"
