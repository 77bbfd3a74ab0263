package main

import (
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
)

// actionArgument understands an ACTION argument, and warns of one that the
// catalogue does not have.
func actionArgument(con *console, name string) (render.Action, error) {
	action, warning, err := answer.ParseAction(name)
	con.warn(warning)
	return action, err
}
