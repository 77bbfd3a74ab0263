"""A moto server on a free loopback port, filled with IAM identities.

Prints one line of JSON that tells its address and credentials, and serves until
its standard input ends, so that it never outlives the test that started it.
"""

import argparse
import json
import sys

from moto.iam.models import iam_backends
from moto.server import ThreadedMotoServer

ACCOUNT = "123456789012"

# What a scanner needs at least: no authorization details, no credential report.
LEAST_PRIVILEGE = [
    "iam:ListUsers", "iam:ListRoles", "iam:ListUserTags", "iam:ListRoleTags",
    "iam:ListAccessKeys", "iam:ListMFADevices", "iam:GetUser", "iam:GetRole",
    "iam:ListUserPolicies", "iam:GetUserPolicy", "iam:ListRolePolicies", "iam:GetRolePolicy",
    "iam:ListAttachedUserPolicies", "iam:ListAttachedRolePolicies", "iam:ListGroupsForUser",
    "iam:GetPolicy", "iam:GetPolicyVersion",
]

TRUSTS = {
    "lambda": {"Service": "lambda.amazonaws.com"},
    "ec2": {"Service": "ec2.amazonaws.com"},
    "github": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"},
    "sso": {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_0a1b_DO_NOT_DELETE"},
}


def trust(kind):
    principal = TRUSTS[kind]
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if kind == "github":
        statement["Action"] = "sts:AssumeRoleWithWebIdentity"
        host = "token.actions.githubusercontent.com"
        statement["Condition"] = {"StringEquals": {
            f"{host}:aud": "sts.amazonaws.com", f"{host}:sub": "repo:larkspur/shop:ref:refs/heads/main"}}
    if kind == "sso":
        statement["Action"] = ["sts:AssumeRoleWithSAML", "sts:TagSession"]
        statement["Condition"] = {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def policy(actions, resource="*"):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": resource}]})


def seed(users, roles):
    iam = iam_backends[ACCOUNT]["aws"]
    iam.create_group("staff", "/")
    for i in range(users):
        if i % 2:
            name = f"svc-orders-{i:05}"
            user = iam.create_user("us-east-1", name, "/service/", [{"Key": "team", "Value": "orders"}])
            user.create_access_key("AKIA")
            iam.put_user_policy(name, "bucket", policy("s3:PutObject", "arn:aws:s3:::orders/*"))
        else:
            name = f"maria.lopez{i:05}"
            iam.create_user("us-east-1", name)
            iam.create_login_profile(name, "correct horse battery staple 1!")
            iam.add_user_to_group("staff", name)
    kinds = list(TRUSTS)
    for i in range(roles):
        kind = kinds[i % len(kinds)]
        name, path = f"{kind}-role-{i:05}", "/"
        if kind == "sso":
            name, path = f"AWSReservedSSO_Reader_{i:016x}", "/aws-reserved/sso.amazonaws.com/"
        iam.create_role(name, trust(kind), path, None, "", [], "3600")
    caller = iam.create_user("us-east-1", "nhiscan-reader")
    key = caller.create_access_key("AKIA")
    iam.put_user_policy("nhiscan-reader", "read", policy(LEAST_PRIVILEGE))
    nobody = iam.create_user("us-east-1", "nhiscan-nobody").create_access_key("AKIA")
    admin = iam.create_user("us-east-1", "nhiscan-admin")
    iam.put_user_policy("nhiscan-admin", "all", policy("*"))
    iam.create_role("scanner", json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]}),
        "/", None, "", [], "3600")
    keys = {"reader": key, "nobody": nobody, "admin": admin.create_access_key("AKIA")}
    return {name: [k.access_key_id, k.secret_access_key] for name, k in keys.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--roles", type=int, default=10)
    parser.add_argument("--changes", action="store_true", help="add what moto lacks of IAM, and what is hard to change")
    args = parser.parse_args()
    keys = seed(args.users, args.roles)
    if args.changes:
        import moto_completed
        import moto_crowded
        moto_completed.complete()
        keys["crowded"] = moto_crowded.seed(iam_backends[ACCOUNT]["aws"])
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    print(json.dumps({"endpoint": f"http://{host}:{port}", "keys": keys}), flush=True)
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
