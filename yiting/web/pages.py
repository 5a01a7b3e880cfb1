"""The addresses of the pages that belong to no subject."""

from django.conf import settings
from django.urls import path

from yiting.web import views

app_name = "web"
urlpatterns = [
    path("size/", views.set_size, name="size"),
    path("about/", views.about, name="about"),
]
if settings.DEBUG:
    urlpatterns.append(path("gallery/", views.gallery, name="gallery"))
