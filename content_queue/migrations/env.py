"""Alembic's way in; run by `content_queue.store.engine.migrate` on its own connection."""

from alembic import context

from content_queue.store.naming import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
