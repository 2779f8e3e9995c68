"""Accounts: the few pages of allauth that staff need, and ours. Sign-up and the rest of allauth are not routed."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path, re_path
from django.views.generic import RedirectView

from bastau.people import demo, forms, views

_entrance = [
    path("sign-in/staff/", account.LoginView.as_view(form_class=forms.StaffSignInForm), name="account_login"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-in/staff/code/", mfa.AuthenticateView.as_view(form_class=forms.StaffCodeForm), name="mfa_authenticate"),
    path(
        "sign-in/staff/forgotten/",
        account.PasswordResetView.as_view(form_class=forms.StaffForgotForm),
        name="account_reset_password",
    ),
    path("sign-in/staff/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sign-in/staff/password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.PasswordResetFromKeyView.as_view(form_class=forms.StaffNewPasswordForm),
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/staff/password-set/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

_own = [
    path("", mfa.index, name="mfa_index"),
    path(
        "password/",
        account.PasswordChangeView.as_view(form_class=forms.StaffChangePasswordForm),
        name="account_change_password",
    ),
    path("again/", account.ReauthenticateView.as_view(form_class=forms.StaffAgainForm), name="account_reauthenticate"),
    path("again/code/", mfa.ReauthenticateView.as_view(form_class=forms.StaffCodeAgainForm), name="mfa_reauthenticate"),
    path("application/", totp.ActivateTOTPView.as_view(form_class=forms.StaffTotpForm), name="mfa_activate_totp"),
    # allauth leads here who has an application already; only `manage.py invite --again` takes it away.
    path("application/kept/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]


urlpatterns = [
    *_entrance,
    *(path("account/" + str(one.pattern), views.staff_only(one.callback), name=one.name) for one in _own),
    path("sign-in/done/", views.after_sign_in, name="after_sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("session/extend/", views.session_extend, name="session_extend"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("demo/", demo.demo, name="demo"),
    path("demo/sign-in/", demo.demo_sign_in, name="demo_sign_in"),
    path("demo/clock/", demo.demo_clock, name="demo_clock"),
]
