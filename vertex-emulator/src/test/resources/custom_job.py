"""Submits, finds, lists, cancels and waits for a job, as users of the SDK do. Prints one JSON object."""
import json
import sys
import time

from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform

aiplatform.init(
    project="my-project",
    location="us-central1",
    api_endpoint=sys.argv[1],
    api_transport="rest",
    credentials=AnonymousCredentials(),
    staging_bucket="gs://bucket",
)


def job(name, machine_type):
    return aiplatform.CustomJob(
        display_name=name,
        labels={"team": "vision"},
        worker_pool_specs=[
            {
                "machine_spec": {"machine_type": machine_type},
                "replica_count": 1,
                "container_spec": {"image_uri": "gcr.io/p/i", "args": ["train"]},
            }
        ],
    )


first = job("first", "n1-standard-4")
first.submit()
try:
    job("second", "n1-standard-8").submit()
    refused = ""
except exceptions.TooManyRequests as e:
    refused = e.message
listed = aiplatform.CustomJob.list(filter='labels.team=vision AND display_name="first"')
first.cancel()
deadline = time.monotonic() + 30
while first.state.name not in ("JOB_STATE_CANCELLED", "JOB_STATE_SUCCEEDED"):
    if time.monotonic() > deadline:
        sys.exit("the job does not end")
    time.sleep(0.1)
print(
    json.dumps(
        {
            "name": first.resource_name,
            "listed": [each.display_name for each in listed],
            "refused": refused,
            "state": first.state.name,
            "error": first.error.code,
        }
    )
)
first.delete()
