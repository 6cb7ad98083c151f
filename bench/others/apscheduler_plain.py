"""APScheduler 3 with its defaults: a date job for each message, its SQLAlchemy store, requests in the job."""

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from bench.others.job import send, told

if __name__ == "__main__":
    word, job, folder = told()
    stores = {"default": SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.sqlite'}")}
    if word == "plan":
        scheduler = BackgroundScheduler(jobstores=stores)
        scheduler.start(paused=True)
        for chat in job.chats():
            scheduler.add_job(
                send, "date", run_date=job.at, args=[job.url, chat], id=chat, replace_existing=True
            )
        scheduler.shutdown()
    else:
        BlockingScheduler(jobstores=stores).start()
