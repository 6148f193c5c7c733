"""What somebody sees who has a part in a case and does not handle complaints otherwise."""
