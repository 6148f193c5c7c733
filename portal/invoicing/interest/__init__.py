"""What a late payment costs by law, shown as figures."""
