"""Robots of a person, of department A and of the company, switched off so that nothing is ever sent."""

from notices.models import Endpoint, Notice, Post
from people.models import Department


def args(notice: Notice) -> dict[str, list[object]]:
    """They belong to the notice's recipient or their department; the arguments of their addresses."""
    found: dict[str, list[object]] = {}
    owners = {
        "own": {"person": notice.recipient},
        "sales": {"department": Department.objects.get(code="sales")},
        "company": {},
    }
    for name, owner in owners.items():
        endpoint = Endpoint.objects.create(
            channel="wecom",
            name=name,
            address="key-of-nobody",
            is_active=False,
            created_by=notice.recipient,
            **owner,
        )
        post = Post.objects.create(
            endpoint=endpoint,
            notice=notice,
            subject_type=notice.subject_type,
            subject_id=notice.subject_id,
            kind=notice.kind,
            due_at=notice.due_at,
            send_at=notice.due_at,
            state=Post.State.REFUSED,
        )
        found[f"endpoint.{name}"] = [endpoint.pk]
        found[f"endpoint.{name}.off"] = [endpoint.pk, "off"]
        found[f"endpoint.{name}.nonsense"] = [endpoint.pk, "nonsense"]
        found[f"post.{name}"] = [endpoint.pk, post.pk]
    return found
