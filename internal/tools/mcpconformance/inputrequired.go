package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// stateKey signs the states that the client carries between two rounds.
var stateKey = []byte(rand.Text())

func sign(state string) string {
	mac := hmac.New(sha256.New, stateKey)
	mac.Write([]byte(state))
	return state + "." + hex.EncodeToString(mac.Sum(nil))
}

var errState = errors.New("the request state has been changed")

// oneField asks for one required field in a form.
func oneField(message, field, kind string) mcp.ElicitationParams {
	return question(message, properties{field: properties{"type": kind}}, []string{field})
}

// field is the answer to oneField, or "" when there is no usable one.
func field(responses mcp.InputResponses, id, name string) string {
	answer := server.ElicitationResponse(responses, id)
	if answer == nil {
		return ""
	}
	content, _ := answer.Content.(map[string]any)
	if v, ok := content[name]; ok {
		return fmt.Sprint(v)
	}
	return ""
}

// addInputRequired adds what asks the client as 2026-07-28 does it, by results
// that require input.
func addInputRequired(s *server.MCPServer) {
	askName := func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if name := field(r.Params.InputResponses, "user_name", "name"); name != "" {
			return mcp.NewToolResultText("Hello, " + name + "!"), nil
		}
		return server.NewInputRequestBuilder("").Elicit("user_name", oneField("What is your name?", "name", "string")).ToolResult(), nil
	}
	addTool(s, "test_input_required_result_elicitation", askName)
	addTool(s, "test_streaming_elicitation", askName)
	addTool(s, "test_input_required_result_sampling", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if answer := server.SamplingResponse(r.Params.InputResponses, "capital_question"); answer != nil {
			return mcp.NewToolResultText(contentText(answer.Content)), nil
		}
		return server.NewInputRequestBuilder("").Sample("capital_question", sampling("What is the capital of France?", 100)).ToolResult(), nil
	})
	addTool(s, "test_input_required_result_list_roots", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if answer := server.RootsResponse(r.Params.InputResponses, "client_roots"); answer != nil {
			return mcp.NewToolResultText(fmt.Sprintf("Roots: %v", answer.Roots)), nil
		}
		return server.NewInputRequestBuilder("").Roots("client_roots").ToolResult(), nil
	})
	addTool(s, "test_missing_capability", func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return server.NewInputRequestBuilder("").Sample("needed", sampling("Say anything", 10)).ToolResult(), nil
	})
	addTool(s, "test_input_required_result_capabilities", askWhatCanBeAnswered)
	addStates(s)
	s.AddPrompt(newPrompt("test_input_required_result_prompt"), func(_ context.Context, r mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		if about := field(r.Params.InputResponses, "user_context", "context"); about != "" {
			return mcp.NewGetPromptResult("", []mcp.PromptMessage{{Role: mcp.RoleUser, Content: text("Context: " + about)}}), nil
		}
		return server.NewInputRequestBuilder("").
			Elicit("user_context", oneField("What context should the prompt use?", "context", "string")).PromptResult(), nil
	})
}

func askWhatCanBeAnswered(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	if len(r.Params.InputResponses) > 0 {
		return mcp.NewToolResultText("thanks"), nil
	}
	ask := server.NewInputRequestBuilder("")
	if info := server.RequestProtocolInfoFromContext(ctx); info != nil && info.ClientCapabilities != nil {
		if info.ClientCapabilities.Sampling != nil {
			ask.Sample("greeting", sampling("Generate a greeting", 50))
		}
		if info.ClientCapabilities.Elicitation != nil {
			ask.Elicit("user_name", oneField("What is your name?", "name", "string"))
		}
	}
	return ask.ToolResult(), nil
}

// addStates adds the tools that check the state that comes back to them.
func addStates(s *server.MCPServer) {
	confirm := oneField("Please confirm", "ok", "boolean")
	for _, name := range []string{"test_input_required_result_request_state", "test_input_required_result_tampered_state"} {
		addTool(s, name, func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			switch r.Params.RequestState {
			case sign("confirm"):
				return mcp.NewToolResultText("state-ok"), nil
			case "":
				return server.NewInputRequestBuilder(sign("confirm")).Elicit("confirm", confirm).ToolResult(), nil
			}
			return nil, errState
		})
	}
	addTool(s, "test_input_required_result_multiple_inputs", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if r.Params.RequestState == sign("several") && len(r.Params.InputResponses) == 3 {
			return mcp.NewToolResultText("all answered"), nil
		}
		return server.NewInputRequestBuilder(sign("several")).
			Elicit("user_name", oneField("What is your name?", "name", "string")).
			Sample("greeting", sampling("Generate a greeting", 50)).
			Roots("client_roots").ToolResult(), nil
	})
	addTool(s, "test_input_required_result_multi_round", func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		switch r.Params.RequestState {
		case "":
			return server.NewInputRequestBuilder(sign("round-1")).
				Elicit("step1", oneField("Step 1: What is your name?", "name", "string")).ToolResult(), nil
		case sign("round-1"):
			return server.NewInputRequestBuilder(sign("round-2")).
				Elicit("step2", oneField("Step 2: What is your favorite color?", "color", "string")).ToolResult(), nil
		case sign("round-2"):
			return mcp.NewToolResultText("both rounds answered"), nil
		}
		return nil, errState
	})
}
