"""Chat robots and webhooks: a module for each channel, and what is done with all of them.

`base` says what a channel is, `wire` is the HTTP of those that speak it; `texts` words a message, `ledger` keeps its
row, and `notices.posts` is what the dispatcher calls. A new channel is a module with a SENDER, listed here and in
`Endpoint.Channel`.
"""

from notices.channels import apprise, dingtalk, feishu, webhook, wecom
from notices.channels.base import Sender

SENDERS: dict[str, Sender] = {
    module.SENDER.code: module.SENDER for module in (wecom, feishu, dingtalk, webhook, apprise)
}


def of(channel: str) -> Sender:
    """The sender of an endpoint's channel."""
    return SENDERS[channel]
