"""Work that is done later: asked for in a business transaction, done once, resumed after a kill.

A job is a row of the same database, so that it exists if and only if the change that asked for it
was committed. A worker (``flask --app wsgi work``) leases it for a while; what its handler changes
and that it is done are one commit. When the worker dies the lease runs out and another worker
begins again; when it was only slow and another has taken over, its commit is refused.
"""

from portal.kernel.jobs.queue import enqueue
from portal.kernel.jobs.registry import every, job
from portal.kernel.jobs.rules import GiveUp
from portal.kernel.jobs.work import Work

__all__ = ["GiveUp", "Work", "enqueue", "every", "job"]
