"""Makes COUNT rounds of calls with profiles that boto3 renews, or with whatever credentials the
environment has, one every INTERVAL seconds, and prints a line of JSON per call.

renewal.py COUNT INTERVAL [PROFILE ...]
"""

import json
import sys
import time

import boto3


def sleep_to_half_second(interval):
    """Sessions expire at whole seconds, so no call is on its way at that moment."""
    time.sleep(interval - (time.time() - 0.5) % interval)


def call(operation, method):
    line = {"operation": operation}
    try:
        method()
    except Exception as error:
        line["error"] = f"{type(error).__name__}: {error}"
    print(json.dumps(line), flush=True)


def main(count, interval, profiles):
    sessions = [boto3.Session(profile_name=profile) for profile in profiles]
    clients = [(session.client("sts"), session.client("s3")) for session in sessions]
    for _ in range(count):
        sleep_to_half_second(interval)
        for sts, s3 in clients:
            call("GetCallerIdentity", sts.get_caller_identity)
            call("ListBuckets", s3.list_buckets)


main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:] or [None])
