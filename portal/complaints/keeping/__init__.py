"""How long complaints are kept, what stays of them, and a copy for the person they are about."""
