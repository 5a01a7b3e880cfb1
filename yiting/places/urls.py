"""The addresses of places: the picker for everybody, the tree for those who work there."""

from django.urls import path

from yiting.places import views

app_name = "places"
urlpatterns = [
    path("", views.home, name="home"),
    path("pick/", views.pick, name="pick"),
    path("<int:pk>/", views.tree, name="tree"),
    path("<int:pk>/add/", views.add, name="add"),
    path("<int:pk>/count/", views.count, name="count"),
]
