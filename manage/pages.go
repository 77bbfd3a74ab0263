package manage

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// pages asks for one page of a list after another, until the last. The SDK's
// paginators end in silence when AWS says that there is more without saying where:
// here that is an error, because a plan is of the whole list.
func pages(ctx context.Context, action, resource string, ask func(marker *string) (truncated bool, next *string, err error)) error {
	var marker *string
	seen := map[string]bool{"": true}
	for {
		truncated, next, err := ask(marker)
		switch at := aws.ToString(next); {
		case err != nil:
			return collect.NewError(ctx, action, resource, err)
		case at == "" && !truncated:
			return nil
		case seen[at]:
			return &collect.Error{Operation: action, Resource: resource, Code: nhiscan.GapTruncated,
				Message: "AWS does not say where the list goes on; without all of it there is no plan"}
		default:
			seen[at] = true
			marker = next
		}
	}
}

// emptyAnswer is the error for an answer without what AWS always sends.
func emptyAnswer(action, resource string) error {
	return &collect.Error{Operation: action, Resource: resource, Code: collect.CodeEmptyAnswer, Message: "AWS answered with success and nothing in it"}
}
