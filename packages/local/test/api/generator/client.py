"""Uses the client that was generated from the OpenAPI document: argv is a token. Prints what it got."""

import json
import sys

import openapi_client
from openapi_client.models import Problem, RobotChange, RobotCreate, StopRequest


def client_with(token):
    settings = openapi_client.Configuration()
    settings.access_token = token
    return openapi_client.DefaultApi(openapi_client.ApiClient(settings))


api = client_with(sys.argv[1])
anyone = client_with("none")


class Answer:
    """An answer as the generated client's own reader of models takes it."""

    def __init__(self, data):
        self.data = data


def problem_of(call, *arguments):
    try:
        call(*arguments)
    except openapi_client.ApiException as refused:
        problem = api.api_client.deserialize(Answer(refused.body), Problem)
        return {"status": refused.status, "code": problem.code, "title": problem.title, "remedy": problem.detail, "fields": problem.fields}
    raise AssertionError("It was not refused.")


made = api.create_robot(RobotCreate(name="Digger"), idempotency_key="generated-1")
again = api.create_robot(RobotCreate(name="Digger"), idempotency_key="generated-1")
changed = api.change_robot(made.id, RobotChange(name="Digger 2", control={"deadmanMs": 300, "maxLinear": None}))
read = api.get_robot(made.id)
told = {
    "health": anyone.get_health().status,
    "issuer": anyone.get_sign_in().issuer,
    "me": api.get_me().email,
    "id": made.id,
    "again": again.id,
    "createdAt": made.created_at,
    "changed": changed.name,
    "read": [read.name, read.role, read.control.deadman_ms, read.control.max_linear, read.presence.state],
    "listed": [robot.id for robot in api.list_robots(name="Digger").items],
    "timeline": sorted(f"{entry.type} by {entry.actor.type}" for entry in api.list_timeline(made.id).items),
    "ice": [type(server.urls).__name__ for server in api.get_ice_servers().ice_servers],
    "code": len(api.create_enrollment(made.id).code),
    "grants": [grant.role for grant in api.list_grants(made.id).items],
    "unknown": problem_of(api.get_robot, "rob_01J00000000000000000000000"),
    "misspelt": problem_of(api.create_robot, {"name": 7}),
    "signedOut": problem_of(anyone.get_robot, made.id),
    "stopped": problem_of(api.stop_robot, made.id, StopRequest(reason="Smoke.")),
    "deleted": api.delete_robot(made.id),
    "gone": problem_of(api.get_robot, made.id)["code"],
}
print(json.dumps(told))
