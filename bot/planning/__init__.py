"""From saved calendars to what the ledger plans: read, matched, composed, asked for, given back."""
