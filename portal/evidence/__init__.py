"""What a provider proves once and every council relies on: insurance, checks, VAT standing."""
