package session_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/nhiscan/nhiscan/session"
)

func ExampleConfig() {
	_, err := session.Config(context.Background(), &session.Options{Region: "us-esat-1"})
	fmt.Println(err)

	var e *session.Error
	if errors.As(err, &e) {
		fmt.Println(e.Hint())
	}
	// Output:
	// AWS session: "us-esat-1" is not the name of an AWS region
	// one looks like us-east-1, us-gov-west-1 or cn-north-1
}
