"""The parts of Google's APIs that hack/gcp-setup.sh uses, on one port of this machine, for hack/gcp/test.sh.

Prints its address. Resources and policies live in memory; a policy takes existing accounts and roles only, and permissions are those that
policies give. Two addresses are a test's own: GET /calls tells the changes that were made, and PUT /state merges JSON into the state.
"""

import json
import re
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Of each role the permissions that matter here, after https://cloud.google.com/iam/docs/roles-permissions
ROLES = {
    "roles/aiplatform.user": "aiplatform.",
    "roles/cloudquotas.viewer": ["cloudquotas.quotas.get"],
    "roles/serviceusage.serviceUsageViewer": ["serviceusage.quotas.get", "serviceusage.services.get", "monitoring.timeSeries.list"],
    "roles/logging.logWriter": ["logging.logEntries.create"],
    "roles/iam.serviceAccountUser": ["iam.serviceAccounts.actAs", "iam.serviceAccounts.get"],
    "roles/iam.serviceAccountTokenCreator": ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.signBlob"],
    "roles/iam.workloadIdentityUser": ["iam.serviceAccounts.getAccessToken"],
    "roles/storage.objectViewer": ["storage.objects.get", "storage.objects.list"],
    "roles/storage.objectUser": ["storage.objects." + verb for verb in ("create", "delete", "get", "list", "update")],
    "roles/storage.legacyBucketReader": ["storage.buckets.get", "storage.objects.list"],
    "roles/artifactregistry.reader": ["artifactregistry.repositories.downloadArtifacts"],
}
NUMBER = "123456789012"

# services, resources (by name) and policies (by the resource's name)
state = {"services": ["storage.googleapis.com"], "resources": {"projects/my-project": {"projectId": "my-project", "projectNumber": NUMBER}},
         "policies": {}, "faults": []}
calls = []


class Refused(Exception):
    def __init__(self, code, status, message):
        self.code, self.status, self.message = code, status, message


def absent(name):
    return Refused(404, "NOT_FOUND", f"{name} was not found")


def resource(name):
    if name not in state["resources"]:
        raise absent(name)
    return state["resources"][name]


def create(name, value):
    if name in state["resources"]:
        raise Refused(409, "ALREADY_EXISTS", f"{name} already exists")
    state["resources"][name] = value
    return value


def done(response, parent=""):
    return {"name": f"{parent}operations/done", "done": True, "response": response}


def set_policy(name, policy):
    for binding in policy.get("bindings", []):
        role = binding["role"]
        if role not in ROLES and role not in state["resources"]:
            raise Refused(400, "INVALID_ARGUMENT", f"Role {role} is not supported for this resource.")
        for member in binding["members"]:
            agent = re.fullmatch(r"serviceAccount:service-\d+@(gcp-sa-aiplatform(-cc)?)\.iam\.gserviceaccount\.com", member)
            known = (agent.group(1) in state["resources"] if agent else not member.endswith(".iam.gserviceaccount.com")
                     or "accounts/" + member.split(":", 1)[1] in state["resources"])
            if not known:
                raise Refused(400, "INVALID_ARGUMENT", f"Service account {member.split(':', 1)[1]} does not exist.")
    state["policies"][name] = policy
    return policy


def permissions(member, name):
    for binding in state["policies"].get(name, {}).get("bindings", []):
        if member in binding["members"]:
            if binding["role"] in ROLES:
                yield from ROLES[binding["role"]] if isinstance(ROLES[binding["role"]], list) else [ROLES[binding["role"]]]
            else:
                yield from resource(binding["role"])["includedPermissions"]


def granted(member, name, asked):
    has = set(permissions(member, name)) | set(permissions(member, "projects/my-project"))
    return {"permissions": [each for each in asked if each in has or any(own.endswith(".") and each.startswith(own) for own in has)]}


def policy_call(name, verb, body, member, query):
    resource(name)
    if verb == "getIamPolicy":
        return {"version": 1, "etag": "BwXhqQ==", **state["policies"].get(name, {})}
    if verb == "setIamPolicy":
        return set_policy(name, body["policy"])
    return granted(member, name, body.get("permissions") or query.get("permissions", []))


def account(project, email):
    return {"name": f"projects/{project}/serviceAccounts/{email}", "email": email, "projectId": project}


def answer(method, path, query, body, member):
    def matches(pattern):
        return re.fullmatch(pattern, path)

    if m := matches(r"/v1/projects/([^/:]+)"):
        return resource(f"projects/{m[1]}")
    if m := matches(r"/v1/projects/([^/:]+):(\w+IamP\w+)"):
        return policy_call(f"projects/{m[1]}", m[2], body, member, query)
    if matches(r"/v1/projects/[^/]+/services"):
        return {"services": [{"config": {"name": each}, "state": "ENABLED"} for each in state["services"]]}
    if matches(r"/v1/projects/[^/]+/services:batchEnable"):
        state["services"] += body["serviceIds"]
        return done({})
    if matches(r"/v1beta1/projects/[^/]+/services/aiplatform\.googleapis\.com:generateServiceIdentity"):
        state["resources"]["gcp-sa-aiplatform"] = {}
        return done({"email": f"service-{NUMBER}@gcp-sa-aiplatform.iam.gserviceaccount.com", "uniqueId": "1"})

    if m := matches(r"/v1/projects/([^/]+)/serviceAccounts"):
        email = f"{body['accountId']}@{m[1]}.iam.gserviceaccount.com"
        return create(f"accounts/{email}", account(m[1], email))
    if m := matches(r"/v1/projects/[^/]+/serviceAccounts/([^/:]+)"):
        return resource(f"accounts/{m[1]}")
    if m := matches(r"/v1/projects/[^/]+/serviceAccounts/([^/:]+):generateAccessToken"):
        resource(f"accounts/{m[1]}")
        if m[1] in state["faults"]:
            raise Refused(403, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).")
        return {"accessToken": f"token-of-{m[1]}", "expireTime": "2100-01-01T00:00:00Z"}
    if m := matches(r"/v1/projects/[^/]+/serviceAccounts/([^/:]+):(\w+)"):
        return policy_call(f"accounts/{m[1]}", m[2], body, member, query)

    if matches(r"/v1/permissions:queryTestablePermissions"):
        return {}
    if m := matches(r"/v1/(projects/[^/]+/roles)"):
        return create(f"{m[1]}/{body['roleId']}", {"name": f"{m[1]}/{body['roleId']}", **body["role"]})
    if m := matches(r"/v1/(projects/[^/]+/roles/[^/:]+)"):
        if method == "PATCH":
            resource(m[1]).update(body)
        return resource(m[1])
    if m := matches(r"/v1/(projects/[^/]+/roles/[^/:]+):undelete"):
        resource(m[1]).pop("deleted")
        return resource(m[1])

    if matches(r"/v1/projects/[^/]+/locations/[^/]+/(.+/)?operations/done"):
        return done({}, path.removeprefix("/v1/").removesuffix("operations/done"))
    if m := matches(r"/v1/(projects/[^/]+/locations/global/workloadIdentityPools(?:/[^/]+/providers)?)"):
        key = "workloadIdentityPoolProviderId" if m[1].endswith("providers") else "workloadIdentityPoolId"
        name = f"{m[1]}/{query[key][0]}"
        return done(create(name, {"name": name, **body}), name + "/")
    if m := matches(r"/v1/(projects/[^/]+/locations/global/workloadIdentityPools/.+)"):
        return resource(m[1])

    if matches(r"/storage/v1/b"):
        return create(f"buckets/{body['name']}", {"kind": "storage#bucket", **body, "location": body["location"].upper()})
    if m := matches(r"/storage/v1/b/([^/]+)"):
        if method == "PATCH":
            resource(f"buckets/{m[1]}").setdefault("iamConfiguration", {}).update(body["iamConfiguration"])
        return resource(f"buckets/{m[1]}")
    if m := matches(r"/storage/v1/b/([^/]+)/iam"):
        return policy_call(f"buckets/{m[1]}", "setIamPolicy" if method == "PUT" else "getIamPolicy", {"policy": body}, member, query)
    if m := matches(r"/storage/v1/b/([^/]+)/iam/testPermissions"):
        return policy_call(f"buckets/{m[1]}", "testIamPermissions", body, member, query)

    if m := matches(r"/v1/(projects/[^/]+/locations/[^/]+/repositories)"):
        name = f"{m[1]}/{query['repositoryId'][0]}"
        return done(create(name, {"name": name, **body}), m[1].removesuffix("repositories"))
    if m := matches(r"/v1/(projects/[^/]+/locations/[^/]+/repositories/[^/:]+)"):
        return resource(m[1])
    if m := matches(r"/v1/(projects/[^/]+/locations/[^/]+/repositories/[^/:]+):(\w+)"):
        return policy_call(m[1], m[2], body, member, query)
    if m := matches(r"/v1/(projects/[^/]+/(?:locations|zones)/[^/]+/clusters/[^/]+)"):
        return resource(m[1].replace("/zones/", "/locations/"))
    raise Refused(404, "NOT_FOUND", f"{method} {path} is not served here")


class Handler(BaseHTTPRequestHandler):
    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null") or {}
        url = urllib.parse.urlsplit(self.path)
        path, query = urllib.parse.unquote(url.path), urllib.parse.parse_qs(url.query)
        member = "serviceAccount:" + (self.headers.get("Authorization") or "").removeprefix("Bearer token-of-")
        try:
            if path == "/calls":
                code, said = 200, calls
            elif path == "/state":
                for key, value in body.items():
                    state[key].update(value) if isinstance(value, dict) else state[key].extend(value)
                code, said = 200, state
            else:
                code, said = 200, answer(self.command, path, query, body, member)
                if self.command != "GET" and not re.search(r":(getIamPolicy|testIamPermissions|generateAccessToken|queryTestablePermissions)$", path):
                    calls.append(f"{self.command} {path}")
        except Refused as e:
            code, said = e.code, {"error": {"code": e.code, "status": e.status, "message": e.message}}
        content = json.dumps(said, indent=1).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve

    def log_message(self, format, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
