"""Public pages. Names are not namespaced: every part of the house may link to them."""

from django.urls import path
from django.views.i18n import set_language

from bastau.portal import cabinet, gallery, views

urlpatterns = [
    path("", views.home, name="home"),
    path("standard/", views.standard, name="standard"),
    path("contacts/", views.contacts, name="contacts"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("language/", set_language, name="set_language"),
    path("cabinet/", cabinet.cabinet, name="cabinet"),
    path("cabinet/notices/", cabinet.notices, name="notices"),
    path("gallery/", gallery.page, name="gallery"),
    path("gallery/progress/", gallery.progress, name="gallery_progress"),
]
