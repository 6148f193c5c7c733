"""S3-compatible storage, for several machines that share what people sent.

Credentials and region come from where boto3 always looks (the environment, the machine's role);
``AWS_ENDPOINT_URL_S3`` names a storage other than Amazon's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

SECONDS = 10
NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound"})


class Bucket:
    """A bucket, and the beginning of the names in it."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix

    @classmethod
    def at(cls, address: str) -> Bucket:
        """The bucket at ``s3://bucket/prefix``."""
        parts = urlsplit(address)
        client = boto3.client(
            "s3",
            config=Config(
                connect_timeout=SECONDS, read_timeout=SECONDS, retries={"max_attempts": 3}
            ),
        )
        prefix = parts.path.strip("/")
        return cls(client, parts.netloc, f"{prefix}/" if prefix else "")

    def put(self, file_id: UUID, content: bytes) -> None:
        """Keep the content, private to the portal's own account and encrypted by the storage."""
        with _as_files_fail():
            self._client.put_object(
                Bucket=self._bucket,
                Key=self._key(file_id),
                Body=content,
                ContentType="application/octet-stream",
                ServerSideEncryption="AES256",
            )

    def open(self, file_id: UUID) -> IO[bytes]:
        """The content, as it arrives."""
        with _as_files_fail():
            found = self._client.get_object(Bucket=self._bucket, Key=self._key(file_id))
        return cast("IO[bytes]", found["Body"])

    def delete(self, file_id: UUID) -> None:
        """Remove the content."""
        with _as_files_fail():
            self._client.delete_object(Bucket=self._bucket, Key=self._key(file_id))

    def exists(self, file_id: UUID) -> bool:
        """Whether there is content under this id."""
        try:
            with _as_files_fail():
                self._client.head_object(Bucket=self._bucket, Key=self._key(file_id))
        except FileNotFoundError:
            return False
        return True

    def kept(self) -> Iterator[UUID]:
        """The ids of everything, a thousand to a question."""
        with _as_files_fail():
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=self._prefix
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    with suppress(ValueError):
                        yield UUID(found["Key"].removeprefix(self._prefix))

    def _key(self, file_id: UUID) -> str:
        return f"{self._prefix}{file_id.hex}"


@contextmanager
def _as_files_fail() -> Iterator[None]:
    """What the storage answers, as the errors that a folder would raise."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in NOT_THERE:
            raise FileNotFoundError(code) from error
        raise OSError(str(error)) from error
    except BotoCoreError as error:
        raise OSError(str(error)) from error
