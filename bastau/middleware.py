from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bastau import clock


class ClockMiddleware:
    """Reads the clock's offset once for each request, so that every date on a page stems from one instant's clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clock.begin()
        try:
            return self.get_response(request)
        finally:
            clock.end()
