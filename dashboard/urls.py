from django.urls import path

from dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("search/", views.search, name="search"),
]
