"""Addresses of people's pages, under /people/."""

from django.urls import path

from yiting.people.views import desk, homes, own

app_name = "people"
urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/home/", own.home, name="home"),
    path("homes/", homes.homes, name="homes"),
    path("homes/<int:person_id>/", homes.answer, name="home_answer"),
    path("me/data.json", own.export, name="export"),
    path("me/erase/", own.erase_ask, name="erase_ask"),
    path("me/erase/now/", own.erase, name="erase"),
    path("accounts/", desk.accounts, name="accounts"),
    path("accounts/add/", desk.account_add, name="account_add"),
    path("accounts/<int:account_id>/", desk.account, name="account"),
    path("accounts/<int:account_id>/password/", desk.account_password, name="account_password"),
    path("roles/<int:role_id>/end/", desk.role_stop, name="role_end"),
    path("organisations/", desk.organisations, name="organisations"),
    path("organisations/<int:organisation_id>/rest/", desk.organisation_rest, name="organisation_rest"),
    path("tokens/", desk.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", desk.token_stop, name="token_revoke"),
]
