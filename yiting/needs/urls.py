"""The addresses of the needs module: residents' pages first, then the workbench, then Open311."""

from yiting.needs.views.bench_urls import urlpatterns as bench
from yiting.needs.views.resident_urls import urlpatterns as resident

app_name = "needs"
urlpatterns = [*resident, *bench]
