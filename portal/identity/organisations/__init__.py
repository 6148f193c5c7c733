"""What the portal's operator does for organisations and their people: by command line alone."""
