"""Who the young people are whom a council refers; each look at it is recorded."""
