package main

// serviceNames are the names of services that share their prefix with others. The
// package has one name for a prefix, that of the service it read last.
var serviceNames = map[string]string{
	"apigateway":           "Amazon API Gateway",
	"aws-marketplace":      "AWS Marketplace",
	"cloudformation":       "AWS CloudFormation",
	"elasticloadbalancing": "Elastic Load Balancing",
	"iam":                  "AWS Identity and Access Management",
	"kinesisanalytics":     "Amazon Managed Service for Apache Flink",
	"ses":                  "Amazon Simple Email Service",
}

// serviceName returns the name of the service with the prefix, by our list or the
// package's.
func serviceName(prefix string, names map[string]string) string {
	if name, ok := serviceNames[prefix]; ok {
		return name
	}
	return names[prefix]
}
