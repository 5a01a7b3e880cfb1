"""The addresses of deliberation: those with a word of their own first, since a code could be any word."""

from django.urls import URLPattern, URLResolver

from yiting.deliberation.views import meeting_urls

app_name = "deliberation"
urlpatterns: list[URLPattern | URLResolver] = [*meeting_urls.urlpatterns]
