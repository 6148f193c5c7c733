"""Who works on an agreement: assigning, being away, being rejected, being replaced."""
