"""The addresses of projects: the workbench first, since a code could be any word, then the public pages."""

from django.urls import path

from yiting.projects.views import acts, bench, judging, resident

app_name = "projects"
urlpatterns = [
    path("", resident.board, name="board"),
    path("bench/", bench.home, name="bench"),
    path("bench/propose/", bench.propose, name="propose"),
    path("bench/decline/<str:code>/", bench.decline, name="decline"),
    path("bench/<str:code>/", bench.project, name="bench_project"),
    path("bench/<str:code>/edit/", acts.edit, name="edit"),
    path("bench/<str:code>/serve/", acts.serve, name="serve"),
    path("bench/<str:code>/choose/", acts.choose, name="choose"),
    path("bench/<str:code>/start/", acts.start, name="start"),
    path("bench/<str:code>/deliver/", acts.deliver, name="deliver"),
    path("bench/<str:code>/drop/", acts.drop, name="drop"),
    path("bench/<str:code>/visit/", acts.visit, name="visit"),
    path("bench/<str:code>/milestone/", acts.milestone, name="milestone"),
    path("bench/<str:code>/photo/", acts.photo, name="photo"),
    path("for/<str:code>/", resident.for_need, name="for_need"),
    path("<str:code>/", resident.project, name="project"),
    path("<str:code>/evaluate/", judging.evaluate, name="evaluate"),
    path("<str:code>/photos/<int:pk>/", resident.photo, name="picture"),
]
