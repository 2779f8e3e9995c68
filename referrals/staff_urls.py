"""The staff's pages of the referral, under the workplace: steps of the centre, and the counter.

Each is wrapped by the AdminSite: strangers are led to the sign-in, for citizens the pages do not exist.
"""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from bastau.workplace.site import site
from referrals.views import centre, counter

app_name = "centre"


def _page(address: str, view: Callable[..., Any], name: str) -> URLPattern:
    return path(address, site.admin_view(view), name=name)


urlpatterns = [
    _page("cases/<int:pk>/do/<slug:event>/", centre.do, "do"),
    _page("cases/<int:pk>/ask/<slug:system>/", centre.ask_again, "ask_again"),
    _page("cases/<int:pk>/mark/<slug:subject>/", centre.mark, "mark"),
    _page("cases/<int:pk>/refusal/", centre.refusal, "refusal"),
    _page("cases/<int:pk>/back/", centre.send_back, "send_back"),
    _page("cases/<int:pk>/hand-over/", centre.hand_over, "hand_over"),
    _page("cases/<int:pk>/profile/", centre.open_profile, "open_profile"),
    _page("cases/<int:pk>/sign/", centre.sign, "sign"),
    _page("counter/", counter.begin, "counter"),
    _page("counter/look-up/<int:pk>/", counter.looking_up, "looking_up"),
    _page("counter/<int:pk>/", counter.documents, "documents"),
    _page("counter/<int:pk>/refuse/", counter.refuse, "not_accepted"),
    _page("counter/<int:pk>/leave/", counter.leave, "leave"),
    _page("counter/<int:pk>/done/", counter.done, "counter_done"),
]
