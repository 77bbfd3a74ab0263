"""What moto 5.2.5 lacks of IAM, added to it, for tests that change the account.

Nothing that moto does is made easier: deletions become as strict as AWS's, filters
do what they say, and operations that it does not have exist.
"""

import uuid

from moto.core.responses import ActionResult, EmptyResult
from moto.core.serialize import return_if_not_empty
from moto.iam.exceptions import DeleteConflictException, NotFoundException
from moto.iam.models import IAMBackend, User
from moto.iam.responses import IamResponse


def complete():
    boundaries_of_users()
    usage_of_policies()
    service_specific_credentials()
    strict_deletions()


def boundaries_of_users():
    """PutUserPermissionsBoundary, DeleteUserPermissionsBoundary, and where users are shown."""
    User.boundary_arn = None
    User.permissions_boundary = property(lambda user: user.boundary_arn and {
        "PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": user.boundary_arn})
    for shown in ("CreateUserResponse.User", "GetUserResponse.User",
                  "GetAccountAuthorizationDetailsResponse.UserDetailList.UserDetail"):
        IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER[f"{shown}.PermissionsBoundary"] = return_if_not_empty

    def put(self):
        user = self.backend.get_user(self._get_param("UserName"))
        user.boundary_arn = self.backend.get_policy(self._get_param("PermissionsBoundary")).arn
        return EmptyResult()

    def delete(self):
        user = self.backend.get_user(self._get_param("UserName"))
        if not user.boundary_arn:
            raise NotFoundException(f"The permissions boundary of user {user.name} cannot be found.")
        user.boundary_arn = None
        return EmptyResult()

    created = IamResponse.create_user

    def create_user(self):
        result = created(self)
        self.backend.get_user(self._get_param("UserName")).boundary_arn = self._get_param("PermissionsBoundary")
        return result

    IamResponse.put_user_permissions_boundary = put
    IamResponse.delete_user_permissions_boundary = delete
    IamResponse.create_user = create_user


def usage_of_policies():
    """ListEntitiesForPolicy: moto leaves PolicyUsageFilter out, and lists attachments for either."""
    attached = IamResponse.list_entities_for_policy

    def listed(self):
        arn, usage = self._get_param("PolicyArn"), self._get_param("PolicyUsageFilter")
        self.backend.get_policy(arn)
        result = attached(self)
        if usage == "PermissionsPolicy":
            return result
        value = result.result if usage is None else {"PolicyUsers": [], "PolicyRoles": [], "PolicyGroups": [], "IsTruncated": False}
        value["PolicyUsers"] += [u for u in self.backend.users.values() if u.boundary_arn == arn]
        value["PolicyRoles"] += [r for r in self.backend.roles.values() if r.permissions_boundary_arn == arn]
        return ActionResult(value)

    IamResponse.list_entities_for_policy = listed


def service_specific_credentials():
    """Create-, List- and DeleteServiceSpecificCredential."""
    def of(self):
        return vars(self.backend.get_user(self._get_param("UserName"))).setdefault("service_credentials", {})

    def create(self):
        user = self.backend.get_user(self._get_param("UserName"))
        made = {
            "ServiceSpecificCredentialId": "ACCA" + uuid.uuid4().hex[:16].upper(), "UserName": user.name, "Status": "Active",
            "ServiceName": self._get_param("ServiceName"), "ServiceUserName": user.name + "-at-123456789012",
            "CreateDate": user.create_date, "ServicePassword": "shown once"}
        of(self)[made["ServiceSpecificCredentialId"]] = made
        return ActionResult({"ServiceSpecificCredential": made})

    def listed(self):
        return ActionResult({"ServiceSpecificCredentials": [
            {k: v for k, v in c.items() if k != "ServicePassword"} for c in of(self).values()]})

    def delete(self):
        if not of(self).pop(self._get_param("ServiceSpecificCredentialId"), None):
            raise NotFoundException("The service-specific credential cannot be found.")
        return EmptyResult()

    IamResponse.create_service_specific_credential = create
    IamResponse.list_service_specific_credentials = listed
    IamResponse.delete_service_specific_credential = delete


def strict_deletions():
    """Moto deletes users, groups and policies with what AWS wants gone first."""
    delete_user, delete_group, delete_policy = IAMBackend.delete_user, IAMBackend.delete_group, IAMBackend.delete_policy

    def refuse(what):
        raise DeleteConflictException(f"Cannot delete entity, must {what} first.")

    def user(self, user_name):
        u = self.get_user(user_name)
        for what, left in {
            "delete login profile": u.password, "delete access keys": u.access_keys,
            "delete signing certificates": u.signing_certificates, "delete ssh public keys": u.ssh_public_keys,
            "delete service specific credentials": vars(u).get("service_credentials"), "delete MFA device": u.mfa_devices,
            "remove users from group": self.get_groups_for_user(user_name),
        }.items():
            if left:
                refuse(what)
        delete_user(self, user_name)

    def group(self, group_name):
        g = self.get_group(group_name)
        for what, left in {"remove users from group": g.users, "delete policies": g.policies, "detach all policies": g.managed_policies}.items():
            if left:
                refuse(what)
        delete_group(self, group_name)

    def policy(self, policy_arn):
        p = self.get_policy(policy_arn)
        bounds = any(u.boundary_arn == p.arn for u in self.users.values()) or any(
            r.permissions_boundary_arn == p.arn for r in self.roles.values())
        if p.attachment_count or bounds:
            refuse("detach all policies")
        if len(p.versions) > 1:
            refuse("delete all versions of a policy but the default")
        delete_policy(self, policy_arn)

    IAMBackend.delete_user, IAMBackend.delete_group, IAMBackend.delete_policy = user, group, policy
