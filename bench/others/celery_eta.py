"""Celery with Redis: a task for each message with an `eta`, retried for web errors as its manual shows.

Threads, as the work is waiting; its default of two processes would take a quarter of a minute.
"""

import requests
from celery import Celery

from bench.others.job import send, told

if __name__ == "__main__":
    word, job, _folder = told()
    app = Celery("others", broker=job.server)
    app.conf.task_ignore_result = True
    app.conf.broker_connection_retry_on_startup = True
    task = app.task(
        name="send", autoretry_for=(requests.RequestException,), retry_backoff=True, max_retries=3
    )(send)
    if word == "plan":
        for chat in job.chats():
            task.apply_async((job.url, chat), eta=job.at)
    else:
        app.worker_main(["worker", "--pool=threads", "--concurrency=32", "--loglevel=ERROR"])
