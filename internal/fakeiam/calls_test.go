package fakeiam_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// A call is one request through the SDK.
type call func(context.Context, *iam.Client) error

// do returns the call of an operation of the SDK's client, such as
// (*iam.Client).CreateUser.
func do[In, Out any](operation func(*iam.Client, context.Context, In, ...func(*iam.Options)) (Out, error), in In) call {
	return func(ctx context.Context, c *iam.Client) error {
		_, err := operation(c, ctx, in)
		return err
	}
}

// get carries out an operation that must succeed, and returns its answer.
func get[In, Out any](t *testing.T, c *iam.Client, operation func(*iam.Client, context.Context, In, ...func(*iam.Options)) (Out, error), in In) Out {
	t.Helper()
	out, err := operation(c, t.Context(), in)
	require.NoError(t, err)
	return out
}

// run carries out calls that must succeed.
func run(t *testing.T, c *iam.Client, calls ...call) {
	t.Helper()
	for i, call := range calls {
		require.NoError(t, call(t.Context(), c), "call %d", i)
	}
}

func mutations(server *fakeiam.Server) []string {
	var all []string
	for _, m := range server.Mutations() {
		all = append(all, m.String())
	}
	return all
}

// str is short for what most parameters need.
func str(text string) *string { return aws.String(text) }

// Calls that several tests make.
func createUser(name string) call {
	return do((*iam.Client).CreateUser, &iam.CreateUserInput{UserName: str(name)})
}

func deleteUser(name string) call {
	return do((*iam.Client).DeleteUser, &iam.DeleteUserInput{UserName: str(name)})
}

func createRole(name string) call {
	return do((*iam.Client).CreateRole, &iam.CreateRoleInput{RoleName: str(name), AssumeRolePolicyDocument: str(trustEC2)})
}

func createGroup(name string) call {
	return do((*iam.Client).CreateGroup, &iam.CreateGroupInput{GroupName: str(name)})
}

func createPolicy(name string) call {
	return do((*iam.Client).CreatePolicy, &iam.CreatePolicyInput{PolicyName: str(name), PolicyDocument: str(allowRead12)})
}

func createProfile(name string) call {
	return do((*iam.Client).CreateInstanceProfile, &iam.CreateInstanceProfileInput{InstanceProfileName: str(name)})
}

func createVersion(policyARN string, setAsDefault bool) call {
	return do((*iam.Client).CreatePolicyVersion, &iam.CreatePolicyVersionInput{PolicyArn: str(policyARN), PolicyDocument: str(allowRead12), SetAsDefault: setAsDefault})
}

func attachUser(user, policyARN string) call {
	return do((*iam.Client).AttachUserPolicy, &iam.AttachUserPolicyInput{UserName: str(user), PolicyArn: str(policyARN)})
}

func detachUser(user, policyARN string) call {
	return do((*iam.Client).DetachUserPolicy, &iam.DetachUserPolicyInput{UserName: str(user), PolicyArn: str(policyARN)})
}

func addToGroup(user, group string) call {
	return do((*iam.Client).AddUserToGroup, &iam.AddUserToGroupInput{UserName: str(user), GroupName: str(group)})
}

func removeFromGroup(user, group string) call {
	return do((*iam.Client).RemoveUserFromGroup, &iam.RemoveUserFromGroupInput{UserName: str(user), GroupName: str(group)})
}

func addToProfile(role, profile string) call {
	return do((*iam.Client).AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{RoleName: str(role), InstanceProfileName: str(profile)})
}

func removeFromProfile(role, profile string) call {
	return do((*iam.Client).RemoveRoleFromInstanceProfile, &iam.RemoveRoleFromInstanceProfileInput{RoleName: str(role), InstanceProfileName: str(profile)})
}

func createKey(user string) call {
	return do((*iam.Client).CreateAccessKey, &iam.CreateAccessKeyInput{UserName: str(user)})
}

// allowRead12 is a document that a managed policy may have.
const allowRead12 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
