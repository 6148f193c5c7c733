"""E-mail: written into an outbox with the change that it tells of, sent by a job."""

from portal.kernel.post.outbox import BadAddress, write
from portal.kernel.post.public import public_url

__all__ = ["BadAddress", "public_url", "write"]
