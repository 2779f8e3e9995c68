"""The staff's shell, mounted by the house under one address."""

from django.urls import path

from bastau.workplace.site import site

urlpatterns = [path("", site.urls)]
