"""The process of a job that reports once and never again, so that a stop is never noticed."""

from __future__ import annotations

import sys
import time

from desktop_vlm.api.progress import JobListener, JobProgress
from desktop_vlm.service import job
from desktop_vlm.service import job_frames as frames


def never(_job: frames.Job, progress: JobListener) -> frames.Result:
    progress(JobProgress("scan"))
    time.sleep(600)
    raise AssertionError("nobody waits so long")


if __name__ == "__main__":
    job.work = never  # type: ignore[attr-defined, assignment]
    sys.exit(job.main())
