"""One module a command; each has one `@click.command` called `command`."""
