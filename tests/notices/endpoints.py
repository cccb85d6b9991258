"""Endpoints at the stand-ins of `robots`, and messages that wait for them."""

from datetime import timedelta

import factory
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from notices import trial
from notices.models import Endpoint, Notice, Post
from people.models import User
from tests.factories import UserFactory
from tests.notices.robots import Robots


class EndpointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Endpoint

    channel = "wecom"
    name = "Sales group"
    address = Robots.KEYS[0]
    language = "en"
    created_by = factory.SubFactory(UserFactory)
    person = factory.SelfAttribute("created_by")

    class Params:
        group = factory.Trait(person=None)
        feishu = factory.Trait(channel="feishu", secret=Robots.SECRET)
        dingtalk = factory.Trait(channel="dingtalk", secret=Robots.SECRET)
        application = factory.Trait(address=Robots.APP, secret=Robots.APP_SECRET)


def waiting(endpoint, count=1, **changes):
    """So many messages that are due for this endpoint; they tell trial notices of its person or its maker."""
    person = endpoint.created_by
    past = timezone.now() - timedelta(minutes=1)
    made = []
    for number in range(count):
        fields = {
            "subject_type": ContentType.objects.get_for_model(User),
            "subject_id": person.pk,
            "kind": trial.CODE,
            "due_at": past - timedelta(seconds=number),
            "send_at": past + timedelta(milliseconds=number),
        } | changes
        notice, _is_new = Notice.objects.get_or_create(
            recipient=person,
            **{name: fields[name] for name in ("subject_type", "subject_id", "kind", "due_at")},
            defaults={"send_at": past, "state": "sent", "sent_at": past, "shown_at": past},
        )
        made.append(Post.objects.create(endpoint=endpoint, notice=notice, **fields))
    return made
