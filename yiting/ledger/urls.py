"""The addresses of the ledger, open to everybody."""

from django.urls import path

from yiting.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.home, name="home"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("entry/<int:index>", views.entry, name="entry"),
    path("proof/<int:index>.json", views.proof, name="proof"),
    path("consistency.json", views.consistency, name="consistency"),
]
