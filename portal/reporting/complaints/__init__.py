"""The yearly figures of complaints, so counted that nobody can be found in them."""
