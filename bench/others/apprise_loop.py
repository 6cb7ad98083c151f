"""Apprise: all addresses in one object, one `notify` at the second; it has threads of its own and no plan.

Nothing is remembered, so started again it does the same again.
"""

import time

import apprise

from bench.others.job import TEXT, address, told

if __name__ == "__main__":
    _word, job, _folder = told()
    speaker = apprise.Apprise()
    for chat in job.chats():
        speaker.add(f"{address(job.url).replace('http:', 'json:')}/{chat}")
    job.wait()
    speaker.notify(body=TEXT)
    time.sleep(600)  # until it is ended
