"""boto3 and pyotp: answers each line of JSON on standard input with a line of JSON on standard output.

{"seed": BASE32, "steps": N}
    the TOTP code of the Nth step after the current one
{"endpoint": URL, "service": "sts", "operation": "get_caller_identity", "parameters": {...}, "credentials": {...} or null,
 "pages": bool, "alter": [OLD, NEW] or null}
    a call, unsigned without credentials, and with `alter` changed after signing
"""

import json
import sys
import time

import boto3
import pyotp
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError


def code(seed, steps):
    return pyotp.TOTP(seed).at(time.time(), counter_offset=steps)


def client_for(question):
    credentials = question["credentials"]
    signing = {} if credentials else {"signature_version": UNSIGNED}
    client = boto3.client(
        question["service"],
        endpoint_url=question["endpoint"],
        region_name="us-east-1",
        config=Config(
            retries={"total_max_attempts": 1}, read_timeout=10, s3={"addressing_style": "path"}, **signing
        ),
        **(credentials or {}),
    )
    if question["alter"]:
        old, new = question["alter"]

        def alter(request, **_):
            request.url = request.url.replace(old, new)
            if isinstance(request.body, str):
                request.body = request.body.replace(old, new)
            elif request.body:
                request.body = request.body.replace(old.encode(), new.encode())

        client.meta.events.register("before-send", alter)
    return client


def call(question):
    client = client_for(question)
    operation, parameters = question["operation"], question["parameters"]
    try:
        if question["pages"]:
            value = list(client.get_paginator(operation).paginate(**parameters))
        else:
            value = getattr(client, operation)(**parameters)
        return {"ok": True, "value": value}
    except ClientError as error:
        refusal = error.response
        return {
            "ok": False,
            "status": refusal["ResponseMetadata"]["HTTPStatusCode"],
            "code": refusal["Error"]["Code"],
            "message": refusal["Error"].get("Message", ""),
        }
    except Exception as error:
        return {"ok": False, "status": 0, "code": type(error).__name__, "message": str(error)}


for line in sys.stdin:
    question = json.loads(line)
    answer = code(**question) if "seed" in question else call(question)
    print(json.dumps(answer, default=lambda value: value.isoformat()), flush=True)
