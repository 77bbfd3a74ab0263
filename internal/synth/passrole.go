package synth

import "strings"

// A creator is a service that runs what it is given with a role that the caller
// passes to it. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html.
type creator struct {
	service string
	// principal is the service principal that the role is passed to.
	principal string
	actions   []string
	resource  string
}

var creators = []creator{
	{"lambda", "lambda.amazonaws.com", []string{"CreateFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "InvokeFunction", "CreateEventSourceMapping"}, "arn:aws:lambda:eu-west-1:123456789012:function:%s-*"},
	{"ec2", "ec2.amazonaws.com", []string{"RunInstances", "DescribeInstances", "AssociateIamInstanceProfile", "CreateTags", "TerminateInstances"}, "*"},
	{"ecs", "ecs-tasks.amazonaws.com", []string{"RegisterTaskDefinition", "RunTask", "CreateService", "UpdateService", "DescribeServices"}, "*"},
	{"glue", "glue.amazonaws.com", []string{"CreateJob", "UpdateJob", "StartJobRun", "GetJobRun", "CreateDevEndpoint"}, "*"},
	{"cloudformation", "cloudformation.amazonaws.com", []string{"CreateStack", "UpdateStack", "CreateChangeSet", "ExecuteChangeSet", "DescribeStacks"}, "arn:aws:cloudformation:eu-west-1:123456789012:stack/%s-*/*"},
	{"codebuild", "codebuild.amazonaws.com", []string{"CreateProject", "UpdateProject", "StartBuild", "BatchGetBuilds"}, "arn:aws:codebuild:eu-west-1:123456789012:project/%s-*"},
	{"states", "states.amazonaws.com", []string{"CreateStateMachine", "UpdateStateMachine", "StartExecution"}, "arn:aws:states:eu-west-1:123456789012:stateMachine:%s-*"},
	{"scheduler", "scheduler.amazonaws.com", []string{"CreateSchedule", "UpdateSchedule", "GetSchedule"}, "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/%s-*"},
	{"sagemaker", "sagemaker.amazonaws.com", []string{"CreateNotebookInstance", "CreatePresignedNotebookInstanceUrl", "CreateTrainingJob"}, "arn:aws:sagemaker:eu-west-1:123456789012:*"},
}

// deployer lets what deploys an application create things and pass roles to them.
func (g *generator) deployer() []statement {
	c := &creators[g.deployers%len(creators)]
	g.deployers++
	application := g.application()
	create := allow("Deploy"+title(c.service), nil, []string{strings.Replace(c.resource, "%s", application, 1)})
	for _, action := range c.actions[:1+g.rand.IntN(len(c.actions))] {
		create.actions = append(create.actions, c.service+":"+action)
	}
	pass := allow("PassRole", []string{"iam:PassRole"}, g.passable(application, c.principal))
	switch {
	case g.chance(40):
		pass.condition = equals("iam:PassedToService", c.principal)
	case g.chance(10):
		pass.condition = `"StringLike": {"iam:PassedToService": "*.amazonaws.com"}`
	}
	list := []statement{create, pass}
	if g.chance(50) {
		list = append(list, g.workloadStatement(2))
	}
	return list
}

// passable returns the roles that a deployer of an application may pass: named
// ones, those whose names begin or end alike, or all.
func (g *generator) passable(application, principal string) []string {
	switch n := spread(g.deployers); {
	case n < 36:
		return g.rolesOf(principal, 1+g.rand.IntN(3))
	case n < 62:
		return []string{arn("role", "/", g.one(applications)+"-*")}
	case n < 69:
		return []string{arn("role", "/ci/", "*"), arn("role", "/service-role/", application+"-*")}
	case n < 76:
		return []string{arn("role", "/", "*-"+g.one(jobs)+"-"+g.one(environments)+"-*")}
	case n < 81:
		return []string{"arn:aws:iam::*:role/" + application + "-*"}
	case n < 90:
		return []string{arn("role", "/", "*")}
	default:
		return everything
	}
}

// rolesOf names roles of the account that trust the service, or such as there might be.
func (g *generator) rolesOf(principal string, n int) []string {
	known := g.trusting[principal]
	if len(known) == 0 {
		return []string{arn("role", "/", g.application()+"-task")}
	}
	return g.some(known, n)
}
