"""Makes registry/destination-vitally.json, the connector's entry in a connector registry of Airbyte's.

It is made of metadata.yaml and spec.json. With --check it compares instead of writing, and has Airbyte's own models
judge metadata and entry. Needs the package `airbyte-connector-models`, and PyYAML, which comes with it.
"""
import json
import pathlib
import sys

import yaml
from airbyte_connector_models.metadata.v0.connector_metadata_definition_v0 import ConnectorMetadataDefinitionV0
from airbyte_connector_models.metadata.v0.connector_registry_v0 import ConnectorRegistryV0

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ENTRY = ROOT / "registry" / "destination-vitally.json"

# What an entry takes over from the metadata as it is there; its other fields have names of their own.
TAKEN_OVER = (
    "name dockerRepository dockerImageTag documentationUrl icon allowedHosts releaseStage supportLevel tags license "
    "githubIssueLabel connectorType connectorSubtype supportsRefreshes supportsDataActivation"
).split()


def entry_of(metadata, spec):
    data = metadata["data"]
    return {
        "destinationDefinitionId": data["definitionId"],
        **{field: data[field] for field in TAKEN_OVER},
        "spec": spec,
        "tombstone": False,
        "public": True,
        "custom": False,
    }


def main(argv):
    metadata = yaml.safe_load((ROOT / "metadata.yaml").read_text())
    spec = json.loads((ROOT / "spec.json").read_text())
    entry = entry_of(metadata, spec)
    text = json.dumps(entry, indent=2, ensure_ascii=False) + "\n"
    if "--check" not in argv:
        ENTRY.parent.mkdir(exist_ok=True)
        ENTRY.write_text(text)
        return
    ConnectorMetadataDefinitionV0.model_validate(metadata)
    ConnectorRegistryV0.model_validate({"sources": [], "destinations": [entry]})
    version = json.loads((ROOT / "package.json").read_text())["version"]
    assert entry["dockerImageTag"] == version, (entry["dockerImageTag"], version)
    assert json.loads(ENTRY.read_text()) == entry, f"{ENTRY.name} is old: run this script without --check"


if __name__ == "__main__":
    main(sys.argv[1:])
