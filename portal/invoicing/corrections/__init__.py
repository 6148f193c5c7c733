"""What corrections of earlier invoices charge or take off."""
