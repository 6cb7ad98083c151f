"""Letters to people: the way that needs no Telegram."""
