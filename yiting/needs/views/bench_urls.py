"""The addresses of the workbench."""

urlpatterns: list = []
