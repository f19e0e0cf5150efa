"""Airbyte's own tests of an image: what `airbyte-cdk` calls the Docker connector suite."""
from pathlib import Path

from airbyte_cdk.test.standard_tests.docker_base import DockerConnectorTestSuite


class TestVitally(DockerConnectorTestSuite):
    @classmethod
    def get_test_class_dir(cls):
        return Path(__file__).parent
