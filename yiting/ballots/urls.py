"""The addresses of ballots."""

from django.urls import path

from yiting.ballots.views import public

app_name = "ballots"
urlpatterns = [
    path("", public.board, name="board"),
    path("<str:code>/", public.round_, name="round"),
]
