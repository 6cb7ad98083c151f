"""Procrastinate alone: a job for each message with `schedule_at`, three tries, 32 at once, a shared client.

Jobs of a worker that died are given to the next as its manual shows, every minute instead of every ten.
"""

import asyncio

import httpx
import procrastinate

from bench.others.job import TEXT, Job, address, told


async def main(word: str, job: Job) -> None:
    """Defer the jobs, or work on them."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=job.server))
    client = httpx.AsyncClient(timeout=60)

    async def send(chat: str) -> None:
        answer = await client.post(address(job.url), data={"chat_id": chat, "text": TEXT})
        answer.raise_for_status()

    task = app.task(name="send", retry=3)(send)

    async def mend(timestamp: int) -> None:  # noqa: ARG001 -- it is passed
        for stalled in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(stalled)

    app.periodic(cron="* * * * *")(app.task(name="mend", queueing_lock="mend")(mend))

    async with app.open_async():
        if word == "plan":
            await app.schema_manager.apply_schema_async()
            await task.configure(schedule_at=job.at).batch_defer_async(*({"chat": c} for c in job.chats()))
        else:
            await app.run_worker_async(concurrency=32)


if __name__ == "__main__":
    told_word, told_job, _folder = told()
    asyncio.run(main(told_word, told_job))
