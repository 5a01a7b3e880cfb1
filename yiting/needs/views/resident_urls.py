"""The addresses of the residents pages."""

urlpatterns: list = []
