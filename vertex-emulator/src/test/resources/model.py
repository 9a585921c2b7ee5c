"""Looks at a registered model as users of the SDK do. Prints one JSON object."""
import json
import sys

from google.api_core import exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform
from google.cloud.aiplatform import gapic
from google.protobuf import json_format, struct_pb2

aiplatform.init(
    project="my-project",
    location="us-central1",
    api_endpoint=sys.argv[1],
    api_transport="rest",
    credentials=AnonymousCredentials(),
)
IMAGE = "us-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-15:latest"


def upload(**options):
    return aiplatform.Model.upload(
        display_name="Fashion",
        artifact_uri="gs://bucket/model",
        serving_container_image_uri=IMAGE,
        **options,
    )


first = upload(model_id="fashion", labels={"team": "vision"}, version_description="the first")
second = upload(parent_model="fashion", version_aliases=["champion"], is_default_version=False)
registry = first.versioning_registry
registry.add_version_aliases(["champion", "stable"], version="1")
try:
    upload(model_id="fashion")
    taken = ""
except exceptions.AlreadyExists as e:
    taken = e.message
except exceptions.Conflict as e:
    taken = e.message
first.api_client.import_model_evaluation(
    parent=first.resource_name + "@2",
    model_evaluation=gapic.ModelEvaluation(
        display_name="test",
        metrics_schema_uri="gs://google-cloud-aiplatform/schema/modelevaluation/classification_metrics_1.0.0.yaml",
        metrics=json_format.ParseDict({"logLoss": 0.25}, struct_pb2.Value()),
    ),
)
model = aiplatform.Model("fashion")
evaluations = aiplatform.Model("fashion@2").list_model_evaluations()
print(
    json.dumps(
        {
            "name": first.resource_name,
            "version": second.version_id,
            "listed": [
                each.name for each in aiplatform.Model.list(filter="labels.team=vision AND display_name=Fashion")
            ],
            "default": model.version_id,
            "uri": model.uri,
            "image": model.container_spec.image_uri,
            "versions": [
                {"id": each.version_id, "aliases": sorted(each.version_aliases), "description": each.version_description}
                for each in registry.list_versions()
            ],
            "champion": aiplatform.Model("fashion@champion").version_id,
            "taken": taken,
            "evaluations": [
                {"name": each.resource_name, "logLoss": dict(each.metrics)["logLoss"]} for each in evaluations
            ],
        }
    )
)
registry.update_version(version="2", version_description="the second")
registry.remove_version_aliases(["stable"], version="1")
registry.delete_version("2")
model.update(display_name="Fashion, again", labels={"team": "shop"})
