"""Reads an experiment back as users of Google's SDK do. Prints one JSON object.
usage: read_run.py ENDPOINT PROJECT EXPERIMENT"""
import json
import sys

from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform

endpoint, project, experiment = sys.argv[1:]
aiplatform.init(
    project=project,
    location="us-central1",
    api_endpoint=endpoint,
    api_transport="rest",
    credentials=AnonymousCredentials(),
)
table = aiplatform.get_experiment_df(experiment)
(listed,) = aiplatform.ExperimentRun.list(experiment=experiment)
run = aiplatform.ExperimentRun(
    listed.resource_id.removeprefix(experiment + "-"), experiment=experiment
)
print(
    json.dumps(
        {
            "rows": json.loads(table.to_json(orient="records")),
            "state": run.get_state(),
            "params": run.get_params(),
            "metrics": run.get_metrics(),
            "curves": {
                name: column.tolist()
                for name, column in run.get_time_series_data_frame().items()
                if name != "wall_time"
            },
            "classification": run.get_classification_metrics(),
        }
    )
)
