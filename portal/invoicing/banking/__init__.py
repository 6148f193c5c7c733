"""Where a provider is paid: changed by two of its people, checked by a call back, then held."""
