"""The agreement with each provider: signed, countersigned by each council, then its places."""
