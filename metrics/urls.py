from django.urls import path

from metrics.views import dictionary, metric, scorecard, uploads

app_name = "metrics"
urlpatterns = [
    path("", scorecard.show, name="scorecard"),
    path("dictionary/", dictionary.show, name="dictionary"),
    path("uploads/", uploads.index, name="uploads"),
    path("uploads/files/", uploads.files, name="upload_files"),
    path("uploads/<int:pk>/", uploads.detail, name="upload"),
    path("uploads/<int:pk>/progress/", uploads.progress, name="upload_progress"),
    path("uploads/<int:pk>/file/", uploads.download, name="upload_download"),
    path("uploads/<int:pk>/reactivate/", uploads.reactivate, name="upload_reactivate"),
    path("uploads/<int:pk>/withdraw/", uploads.withdraw, name="upload_withdraw"),
    path("uploads/<int:pk>/retry/", uploads.retry, name="upload_retry"),
    # Last: any other word is the code of a metric.
    path("<slug:code>/", metric.show, name="metric"),
    path("<slug:code>/csv/", metric.download, name="metric_csv"),
]
