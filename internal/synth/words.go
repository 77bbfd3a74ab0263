package synth

// A service is an AWS service with actions and resources for policies.
type service struct {
	name      string
	actions   []string
	resources []string
}

var services = []service{
	{"s3", []string{"GetObject", "PutObject", "DeleteObject", "ListBucket", "GetBucketLocation", "AbortMultipartUpload", "ListMultipartUploadParts", "Get*"},
		[]string{"arn:aws:s3:::example-%s-artifacts", "arn:aws:s3:::example-%s-artifacts/*", "arn:aws:s3:::example-%s-logs/AWSLogs/123456789012/*"}},
	{"dynamodb", []string{"GetItem", "PutItem", "UpdateItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem", "DescribeTable"},
		[]string{"arn:aws:dynamodb:eu-west-1:123456789012:table/%s-orders", "arn:aws:dynamodb:eu-west-1:123456789012:table/%s-orders/index/*"}},
	{"sqs", []string{"SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ChangeMessageVisibility"},
		[]string{"arn:aws:sqs:eu-west-1:123456789012:%s-jobs", "arn:aws:sqs:eu-west-1:123456789012:%s-jobs-dlq"}},
	{"ec2", []string{"DescribeInstances", "StartInstances", "StopInstances", "RunInstances", "CreateTags", "DescribeSubnets", "DescribeSecurityGroups", "Describe*"},
		[]string{"*", "arn:aws:ec2:eu-west-1:123456789012:instance/*", "arn:aws:ec2:*:123456789012:network-interface/%s*"}},
	{"lambda", []string{"InvokeFunction", "GetFunction", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "ListFunctions"},
		[]string{"arn:aws:lambda:eu-west-1:123456789012:function:%s-*"}},
	{"kms", []string{"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "DescribeKey", "ReEncrypt*"},
		[]string{"arn:aws:kms:eu-west-1:123456789012:key/1f0e3d0a-7c55-4b1e-9d7c-%s"}},
	{"secretsmanager", []string{"GetSecretValue", "DescribeSecret", "ListSecretVersionIds", "PutSecretValue"},
		[]string{"arn:aws:secretsmanager:eu-west-1:123456789012:secret:%s/*"}},
	{"logs", []string{"CreateLogGroup", "CreateLogStream", "PutLogEvents", "DescribeLogStreams", "FilterLogEvents"},
		[]string{"arn:aws:logs:eu-west-1:123456789012:log-group:/app/%s:*", "*"}},
	{"ecr", []string{"GetAuthorizationToken", "BatchGetImage", "GetDownloadUrlForLayer", "PutImage", "InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "BatchCheckLayerAvailability"},
		[]string{"arn:aws:ecr:eu-west-1:123456789012:repository/%s/*", "*"}},
	{"ssm", []string{"GetParameter", "GetParameters", "GetParametersByPath", "PutParameter", "DescribeParameters"},
		[]string{"arn:aws:ssm:eu-west-1:123456789012:parameter/%s/*"}},
	{"iam", []string{"PassRole", "GetRole", "ListRoles", "CreateServiceLinkedRole", "GetUser", "ListAccessKeys"},
		[]string{"arn:aws:iam::123456789012:role/%s-*", "arn:aws:iam::123456789012:user/${aws:username}"}},
	{"cloudwatch", []string{"PutMetricData", "GetMetricData", "ListMetrics", "DescribeAlarms", "PutMetricAlarm"}, []string{"*"}},
	{"bedrock", []string{"InvokeModel", "InvokeModelWithResponseStream", "ListFoundationModels", "Retrieve"},
		[]string{"arn:aws:bedrock:eu-west-1::foundation-model/*", "arn:aws:bedrock:eu-west-1:123456789012:knowledge-base/%s"}},
	{"sns", []string{"Publish", "Subscribe", "ListTopics", "GetTopicAttributes"}, []string{"arn:aws:sns:eu-west-1:123456789012:%s-events"}},
	{"states", []string{"StartExecution", "DescribeExecution", "StopExecution"},
		[]string{"arn:aws:states:eu-west-1:123456789012:stateMachine:%s-*", "arn:aws:states:eu-west-1:123456789012:execution:%s-*:*"}},
	{"events", []string{"PutEvents", "PutRule", "PutTargets", "DescribeRule"},
		[]string{"arn:aws:events:eu-west-1:123456789012:event-bus/%s", "arn:aws:events:eu-west-1:123456789012:rule/%s-*"}},
	{"kinesis", []string{"PutRecord", "PutRecords", "GetRecords", "GetShardIterator", "DescribeStream"},
		[]string{"arn:aws:kinesis:eu-west-1:123456789012:stream/%s-clicks"}},
	{"rds", []string{"DescribeDBInstances", "CreateDBSnapshot", "ModifyDBInstance", "ListTagsForResource"},
		[]string{"arn:aws:rds:eu-west-1:123456789012:db:%s-*", "arn:aws:rds:eu-west-1:123456789012:snapshot:%s-*"}},
	{"glue", []string{"GetTable", "GetPartitions", "GetDatabase", "StartJobRun"},
		[]string{"arn:aws:glue:eu-west-1:123456789012:catalog", "arn:aws:glue:eu-west-1:123456789012:database/%s", "arn:aws:glue:eu-west-1:123456789012:table/%s/*"}},
	{"athena", []string{"StartQueryExecution", "GetQueryExecution", "GetQueryResults"}, []string{"arn:aws:athena:eu-west-1:123456789012:workgroup/%s"}},
	{"sts", []string{"AssumeRole", "TagSession", "GetCallerIdentity"}, []string{"arn:aws:iam::111122223333:role/%s-*"}},
}

var (
	givenNames   = []string{"amara", "bruno", "chiara", "dmitri", "elena", "farid", "greta", "hiroshi", "ines", "jonas", "keiko", "luca", "maya", "nadia", "oskar", "priya", "quentin", "rosa", "samir", "tomas", "ulrike", "vera", "wanda", "xavier", "yusuf", "zoe"}
	familyNames  = []string{"almeida", "berger", "castillo", "dubois", "eriksen", "fontana", "gruber", "haddad", "ivanova", "jansen", "kowalski", "lindqvist", "moreau", "nakamura", "okafor", "petrov", "quist", "romano", "suzuki", "tanaka", "ueda", "virtanen", "weber", "yilmaz", "zeman"}
	applications = []string{"billing", "catalog", "checkout", "search", "ledger", "ingest", "reports", "mailer", "inventory", "pricing", "identity", "media", "telemetry", "recommender", "payments", "shipping"}
	environments = []string{"prod", "staging", "dev", "test", "sandbox"}
	jobs         = []string{"reader", "writer", "deploy", "backup", "sync", "export", "worker", "api", "cron", "monitor"}
	teams        = []string{"platform", "data", "security", "web", "mobile", "finance", "support", "research"}
	grades       = []string{"readonly", "developers", "operators", "admins"}
	ciTools      = []string{"github-actions", "gitlab-ci", "jenkins", "circleci", "terraform", "argocd"}
	vendors      = []string{"acme-monitoring", "northwind-backup", "contoso-scanner", "initech-costs"}
	regions      = []string{"eu-west-1", "eu-central-1", "us-east-1"}
	keyServices  = []string{"s3", "sqs", "ecr", "ses", "sts", "ec2", "dynamodb", "iam", "logs"}
	principals   = []string{"lambda.amazonaws.com", "ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com", "glue.amazonaws.com", "states.amazonaws.com", "codebuild.amazonaws.com", "bedrock.amazonaws.com", "rolesanywhere.amazonaws.com", "scheduler.amazonaws.com"}
)

// tagKeys are tags with how many of 100 entities have them.
var tagKeys = []struct {
	key     string
	percent int
	values  []string
}{
	{"Team", 60, teams},
	{"Environment", 50, environments},
	{"Application", 40, applications},
	{"ManagedBy", 30, []string{"terraform", "cloudformation", "pulumi", "console"}},
	{"CostCenter", 30, []string{"CC-1001", "CC-1002", "CC-2040", "CC-3310"}},
	{"Owner", 20, []string{"platform@example.com", "data@example.com", "security@example.com"}},
}
