"""Push notices on their way out: the house's key, the words, the wire, and the round that sends what is owed."""

from server.push.keys import private_key, public_key
from server.push.sending import send_due
from server.push.wire import is_place

__all__ = ["is_place", "private_key", "public_key", "send_due"]
