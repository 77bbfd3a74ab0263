package policydoc_test

import (
	"fmt"

	"github.com/nhiscan/nhiscan/policydoc"
)

func ExampleActionsMatching() {
	actions := policydoc.ActionsMatching("iam:*AccessKey", "s3:?etObject")
	for action := range actions.All() {
		fmt.Printf("%s (%s)\n", action, action.Level)
	}
	fmt.Println("highest level:", actions.Level())
	// Output:
	// iam:CreateAccessKey (Write)
	// iam:DeleteAccessKey (Write)
	// iam:UpdateAccessKey (Write)
	// s3:GetObject (Read)
	// highest level: Write
}

func ExampleStatement_ActionSet() {
	s := policydoc.Statement{Effect: policydoc.Allow, NotActions: []string{"iam:*", "organizations:*"}}
	actions := s.ActionSet()
	fmt.Println(actions.Has("s3:GetObject"), actions.Has("iam:PassRole"))
	// Output: true false
}

func ExampleDetails() {
	details, _ := policydoc.Details("iam:PassRole")
	for _, resource := range details.Resources {
		fmt.Println(resource.Name, resource.ARN)
	}
	fmt.Println(details.ConditionKeys)
	// Output:
	// role arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}
	// [iam:AssociatedResourceArn iam:PassedToService]
}

func ExampleSuggestActions() {
	fmt.Println(policydoc.SuggestActions("s3:GetObjet"))
	// Output: [s3:GetObject]
}

func ExamplePatternsOverlap() {
	fmt.Println(policydoc.PatternsOverlap("arn:aws:s3:::logs-*", "arn:aws:s3:::*-archive"))
	fmt.Println(policydoc.PatternCovers("arn:aws:s3:::logs-*", "arn:aws:s3:::*-archive"))
	// Output:
	// true
	// false
}
