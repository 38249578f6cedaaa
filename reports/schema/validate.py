#!/usr/bin/python3
"""Validates reports of wsproof against the published schema, with a validator that is not ours.

    validate.py REPORT.json...

Also proves that the schema is strict: each report with an added or a removed key, anywhere, has to
be refused. Needs python3-jsonschema.
"""

import copy
import json
import pathlib
import sys

import jsonschema

SCHEMA = pathlib.Path(__file__).parent / "wsproof-report-1.schema.json"


def objects(value, path=()):
    """Paths of all objects with fixed keys inside of a report, itself included."""
    if isinstance(value, dict):
        if not path or path[-1] != "deflate_offers":
            yield path
        for key, inner in value.items():
            yield from objects(inner, path + (key,))
    elif isinstance(value, list) and value:
        for index in {0, len(value) - 1}:
            yield from objects(value[index], path + (index,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def spoiled(report):
    """Reports that differ in one key, and what was done to each."""
    for path in objects(report):
        extra = copy.deepcopy(report)
        at(extra, path)["unheard_of"] = 1
        yield f"{path} with one key more", extra
        for key in at(report, path):
            if key in ("hex", "end", "trace"):
                continue  # may be missing
            if key == "opcode" and at(report, path).get("kind") == "unfinished":
                continue  # its header may be unfinished too
            less = copy.deepcopy(report)
            del at(less, path)[key]
            yield f"{path} without {key}", less


def main(names):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    faults = 0
    for name in names:
        report = json.loads(pathlib.Path(name).read_text("utf-8"))
        for error in validator.iter_errors(report):
            print(f"{name}: {error.json_path}: {error.message}")
            faults += 1
        for what, bad in spoiled(report):
            if validator.is_valid(bad):
                print(f"{name}: the schema accepts {what}")
                faults += 1
    return 1 if faults or not names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
