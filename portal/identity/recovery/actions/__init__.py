"""New passwords, new second factors, new addresses and names."""
