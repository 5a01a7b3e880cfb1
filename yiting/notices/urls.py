"""The addresses of notices."""

from django.urls import path

from yiting.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("<int:notice_id>/open/", views.open_notice, name="open"),
    path("<int:notice_id>/read/", views.read_notice, name="read"),
    path("failed/", views.failed, name="failed"),
    path("failed/<int:notice_id>/retry/", views.retry, name="retry"),
]
