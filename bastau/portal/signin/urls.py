from django.urls import path

from bastau.portal import jumps
from bastau.portal.signin import views

jumps.register()

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.sign_in_code, name="sign_in_code"),
    path("sign-in/signature/", views.sign_in_signature, name="sign_in_signature"),
    path("sign-in/signature/text/", views.sign_in_text, name="sign_in_text"),
]
