"""What stands in the way of deletions, and what nobody has used for years."""

import datetime
import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, SigningCertificate

ACCOUNT = "123456789012"
LONG_AGO = datetime.datetime(2020, 1, 2, 3, 4, 5)


def document(action, resource):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]})


def trust(service):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})


READ = document("s3:GetObject", "arn:aws:s3:::books/*")


# Of AWS's own policies: all 1,500 would slow each reading down.
AWS_POLICIES = ("AdministratorAccess", "AWSDenyAll", "IAMFullAccess", "PowerUserAccess", "ReadOnlyAccess")


def seed(iam):
    texts = json.loads(aws_managed_policies_data)
    for name in AWS_POLICIES:
        p = AWSManagedPolicy.from_data(name, ACCOUNT, "us-east-1", texts[name])
        iam.managed_policies[p.arn] = p
    books = iam.create_policy("", "/", READ, "books", []).arn
    bound = iam.create_policy("", "/", document("s3:*", "*"), "bound", []).arn
    iam.create_policy_version(books, document("s3:GetObject", "arn:aws:s3:::papers/*"), False)
    for name in ("devs", "ops", "crowd"):
        iam.create_group(name, "/")
    for name in ("plain", "member", "crowded"):
        iam.create_user("us-east-1", name)
    key = crowded_user(iam, books, bound)
    iam.add_user_to_group("crowd", "member")
    iam.attach_group_policy(books, "crowd")
    iam.put_group_policy("crowd", "inline", READ)
    for name in ("worker", "busy"):
        iam.create_role(name, trust("lambda.amazonaws.com"), "/", None, "", [], "3600")
    for name in ("web", "vacant"):
        iam.create_instance_profile(name, "/", [])
    iam.add_role_to_instance_profile("web", "busy")
    iam.attach_role_policy(books, "busy")
    iam.put_role_policy("busy", "inline", READ)
    unused(iam)
    return [key.access_key_id, key.secret_access_key]


def crowded_user(iam, books, bound):
    user = iam.get_user("crowded")
    user.boundary_arn = bound
    iam.create_login_profile("crowded", "correct horse battery staple 1!")
    key = iam.create_access_key("crowded")
    iam.create_access_key("crowded")
    # Made by hand: moto wants a real certificate.
    user.signing_certificates["CERT1"] = SigningCertificate("CERT1", "crowded", "-----BEGIN CERTIFICATE-----")
    iam.upload_ssh_public_key("crowded", "ssh-rsa AAAA")
    user.service_credentials = {"ACCAEXAMPLE": {
        "ServiceSpecificCredentialId": "ACCAEXAMPLE", "UserName": "crowded", "Status": "Active",
        "ServiceName": "codecommit.amazonaws.com", "ServiceUserName": "crowded-at-123456789012", "CreateDate": user.create_date}}
    device = iam.create_virtual_mfa_device("crowded", "/")
    iam.enable_mfa_device("crowded", device.serial_number, "123456", "654321")
    iam.put_user_policy("crowded", "inline", READ)
    iam.attach_user_policy(books, "crowded")
    for group in ("devs", "ops"):
        iam.add_user_to_group(group, "crowded")
    return key


def unused(iam):
    user = iam.create_user("us-east-1", "legacy")
    iam.put_user_policy("legacy", "inline", READ)
    user.create_date = iam.create_access_key("legacy").create_date = LONG_AGO
    iam.create_role("legacy-job", trust("lambda.amazonaws.com"), "/", None, "", [], "3600").create_date = LONG_AGO
