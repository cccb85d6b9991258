from django.urls import path

from metrics.views import dictionary, metric, scorecard

app_name = "metrics"
urlpatterns = [
    path("", scorecard.show, name="scorecard"),
    path("dictionary/", dictionary.show, name="dictionary"),
    # Last: any other word is the code of a metric.
    path("<slug:code>/", metric.show, name="metric"),
    path("<slug:code>/csv/", metric.download, name="metric_csv"),
]
