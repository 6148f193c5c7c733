"""What came to the council by telephone, by letter, by e-mail or in person, entered by somebody."""
