"""All addresses of the house. The parts are named by string; each lists its own pages.

Pages of errors are Django's own views over `templates/404.html` and its neighbours.
"""

from django.urls import include, path

from bastau.people import views as people

urlpatterns = [
    path("", include("bastau.people.urls")),
    path("", include("bastau.portal.signin.urls")),
    path("", include("bastau.portal.urls")),
    path("", include("bastau.papers.urls")),
    path("", include("referrals.urls")),
    path("", include("training.urls")),
    path("", include("grants.urls")),
    path("", include("monitoring.urls")),
    # The AdminSite's own sign-in would be a second door without limits or second factor.
    path("admin/login/", people.admin_sign_in),
    path("office/", include("referrals.staff_urls")),
    path("office/", include("training.staff_urls")),
    path("office/", include("grants.staff_urls")),
    path("office/", include("monitoring.staff_urls")),
    path("office/", include("bastau.workplace.urls")),
]
