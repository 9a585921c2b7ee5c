"""Tracks a run as users of the SDK do, and reads it back. Prints one JSON object."""
import json
import sys

from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform

aiplatform.init(
    project="my-project",
    location="us-central1",
    api_endpoint=sys.argv[1],
    api_transport="rest",
    credentials=AnonymousCredentials(),
)
tensorboard = aiplatform.Tensorboard.create(display_name="curves", is_default=True)
aiplatform.init(
    project="my-project",
    location="us-central1",
    api_endpoint=sys.argv[1],
    api_transport="rest",
    credentials=AnonymousCredentials(),
    experiment="fashion",
    experiment_tensorboard=tensorboard.resource_name,
)
run = aiplatform.start_run("first-run")
aiplatform.log_params({"filters": "32,64", "epochs": 2})
aiplatform.log_time_series_metrics({"loss": 0.75, "accuracy": 0.5}, step=1)
aiplatform.log_time_series_metrics({"loss": 0.5, "accuracy": 0.75}, step=2)
aiplatform.log_metrics({"test_accuracy": 0.75})
aiplatform.log_classification_metrics(
    labels=["shirt", "coat"], matrix=[[9, 1], [2, 8]], display_name="confusion"
)
aiplatform.end_run()

# Somebody else changes the run between this client's reading and its writing. (Over gRPC the SDK reads again by
# itself; over REST it does not know the conflict by its code.)
mine = aiplatform.ExperimentRun("first-run", experiment="fashion")
other = aiplatform.ExperimentRun("first-run", experiment="fashion")
other.log_params({"other": "yes"})
try:
    mine.log_params({"mine": "yes"})
    conflict = ""
except exceptions.Conflict as e:
    conflict = e.message

table = aiplatform.get_experiment_df("fashion")
read = aiplatform.ExperimentRun("first-run", experiment="fashion")
curves = read.get_time_series_data_frame()
execution = aiplatform.start_execution(
    schema_title="system.ContainerExecution", display_name="prepare"
)
with execution:
    artifact = aiplatform.Artifact.create(schema_title="system.Dataset", uri="gs://b/data")
    execution.assign_input_artifacts([artifact])
try:
    aiplatform.ExperimentRun("missing", experiment="fashion")
    missing = ""
except exceptions.NotFound as e:
    missing = e.message
print(
    json.dumps(
        {
            "default": [t.resource_name for t in aiplatform.Tensorboard.list(filter="is_default=true")]
            == [tensorboard.resource_name],
            "rows": json.loads(table.to_json(orient="records")),
            "params": read.get_params(),
            "metrics": read.get_metrics(),
            "state": read.get_state(),
            "steps": curves["step"].tolist(),
            "loss": curves["loss"].tolist(),
            "classification": [
                {k: m[k] for k in ("display_name", "labels", "matrix")}
                for m in read.get_classification_metrics()
            ],
            "runs": [each.name for each in aiplatform.ExperimentRun.list(experiment="fashion")],
            "inputs": [a.uri for a in execution.get_input_artifacts()],
            "missing": missing,
            "conflict": conflict,
        }
    )
)
experiment = aiplatform.Experiment("fashion")
experiment.delete(delete_backing_tensorboard_runs=True)
