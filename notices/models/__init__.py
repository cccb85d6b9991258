"""Promises to tell somebody something, and the receipts of having told them.

A `Notice` is written in the transaction that causes it and is identified by who is told, about which record, what
kind of notice, and the moment it is about. It exists once, whoever asks for it how often. The dispatcher
(`notices.dispatcher`) makes it come true; docs/reminders.md tells how.
"""

from notices.models.notice import Channel, Delivery, Lease, Notice, NoticeQuerySet
from notices.models.robots import Endpoint, EndpointQuerySet, Post
from notices.models.ways import Address, Breaker, Heartbeat, Preference

__all__ = [
    "Address",
    "Breaker",
    "Channel",
    "Delivery",
    "Endpoint",
    "EndpointQuerySet",
    "Heartbeat",
    "Lease",
    "Notice",
    "NoticeQuerySet",
    "Post",
    "Preference",
]
