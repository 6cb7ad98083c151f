"""APScheduler 3 tuned: jobs in memory, never too late, asyncio, shared clients of four connections.

What is in memory is gone with the process, so the list is read again at every start, as its manual says.
"""

import asyncio
from itertools import cycle

import httpx
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bench.others.job import TEXT, Job, address, told

CLIENTS = 32


async def main(job: Job) -> None:
    """Schedule everything and stay."""
    limits = httpx.Limits(max_connections=4, max_keepalive_connections=4)
    context = httpx.create_ssl_context()
    clients = cycle([httpx.AsyncClient(verify=context, limits=limits, timeout=60) for _ in range(CLIENTS)])

    async def send(client: httpx.AsyncClient, chat: str) -> None:
        answer = await client.post(address(job.url), data={"chat_id": chat, "text": TEXT})
        answer.raise_for_status()

    scheduler = AsyncIOScheduler(job_defaults={"misfire_grace_time": None})
    for chat in job.chats():
        scheduler.add_job(send, "date", run_date=job.at, args=[next(clients), chat])
    scheduler.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    _word, told_job, _folder = told()
    asyncio.run(main(told_job))
