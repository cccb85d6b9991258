import pytest
from django.core.cache import caches
from django.urls import reverse

from config.processes import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache_is_away(settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    }


def test_a_cache_that_is_away_is_an_empty_one(cache_is_away):
    cache = caches["default"]

    cache.set("key", "value")

    assert cache.get("key", "otherwise") == "otherwise"
    assert cache.add("key", "value") is True
    assert cache.get_many(["key"]) == {}
    assert "key" not in cache


def test_a_cache_that_is_there_keeps(settings):
    cache = caches["default"]

    cache.set("test-kept", "value", 5)

    assert cache.get("test-kept") == "value"
    assert cache.delete("test-kept") is True


def test_people_log_in_while_the_cache_is_away(cache_is_away, client, django_user_model):
    django_user_model.objects.create_user("ann@example.com", "a-long-enough-secret")

    wrong = client.post(reverse("account_login"), {"login": "ann@example.com", "password": "no"})
    right = client.post(
        reverse("account_login"), {"login": "ann@example.com", "password": "a-long-enough-secret"}
    )

    assert wrong.status_code == 200
    assert right.status_code == 302
