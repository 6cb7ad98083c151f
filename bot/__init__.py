"""Who: command line, daemon, settings, Telegram commands; wires everything together."""
