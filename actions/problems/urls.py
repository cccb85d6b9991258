from django.urls import path

from actions.problems import views

app_name = "problems"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<int:pk>/owner/", views.hand_over, name="hand_over"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/meeting/", views.call_meeting, name="call_meeting"),
    path("<int:pk>/action/", views.action, name="action"),
]
