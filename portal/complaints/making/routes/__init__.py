"""The pages on which somebody tells a council what is wrong, what is good, or what worries them."""

from portal.complaints.making.routes import questions, sending
from portal.complaints.making.routes.blueprint import routes

__all__ = ["questions", "routes", "sending"]
