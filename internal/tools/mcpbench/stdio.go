package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"time"
)

const (
	initialize  = `{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"mcpbench","version":"1"}}`
	initialized = `{"jsonrpc":"2.0","method":"notifications/initialized"}`
)

// A timedCall is timed, under the name that is printed.
type timedCall struct {
	name, params string
	http         bool // over HTTP too
}

// timedCalls are what needs no tool, then tools whose answers are small, so that the
// call is what costs, then tools whose JSON does.
func timedCalls(user string) []timedCall {
	return []timedCall{
		{"ping", "", true},
		{"get_user", fmt.Sprintf(`{"name":"get_user","arguments":{"user_name":%q}}`, user), true},
		{"evaluate_access", fmt.Sprintf(`{"name":"evaluate_access","arguments":{"principal":%q,"action":"s3:GetObject","resource":"arn:aws:s3:::bucket/key"}}`, user), true},
		{"list_nhi_identities, 10 items", `{"name":"list_nhi_identities","arguments":{"max_items":10}}`, true},
		{"scan_iam_identities, 50 items", `{"name":"scan_iam_identities","arguments":{}}`, true},
		{"scan_iam_identities with permissions", `{"name":"scan_iam_identities","arguments":{"include_permissions":true}}`, false},
	}
}

// method is the request that params belong to.
func method(params string) string {
	if params == "" {
		return "ping"
	}
	return "tools/call"
}

func request(id int, method, params string) string {
	if params == "" {
		params = "{}"
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, method, params)
}

// A conversation is with a process over its standard input and output.
type conversation struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	nextID int
}

func talk(program string, args ...string) (*conversation, error) {
	c := &conversation{cmd: exec.Command(program, args...)}
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewReaderSize(out, 1<<20)
	return c, c.cmd.Start()
}

// call makes a request and returns how long its answer took to come, which is
// before this program has read it.
func (c *conversation) call(method, params string) (time.Duration, error) {
	c.nextID++
	text := request(c.nextID, method, params) + "\n"
	begin := time.Now()
	if _, err := io.WriteString(c.in, text); err != nil {
		return 0, err
	}
	for {
		line, err := c.out.ReadBytes('\n')
		took := time.Since(begin)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", method, err)
		}
		if done, err := answers(line, c.nextID); done {
			return took, err
		}
	}
}

// answers reports whether the message answers the request, and how if that is wrong.
func answers(text []byte, id int) (bool, error) {
	var m struct {
		ID     any `json:"id"`
		Error  any `json:"error"`
		Result struct {
			IsError bool `json:"isError"`
		} `json:"result"`
	}
	if err := json.Unmarshal(text, &m); err != nil || m.ID != float64(id) {
		return false, nil
	}
	if m.Error != nil || m.Result.IsError {
		return true, fmt.Errorf("an error: %.300s", text)
	}
	return true, nil
}

func (c *conversation) begin() error {
	if _, err := c.call("initialize", initialize); err != nil {
		return err
	}
	_, err := io.WriteString(c.in, initialized+"\n")
	return err
}

func (c *conversation) end() error {
	c.in.Close()
	return c.cmd.Wait()
}

// coldStart measures from the start of the process to the list of its tools.
func coldStart(s *settings, program, account string) error {
	for _, source := range [][]string{{"--profile", "none"}, {"--demo"}, {"--snapshot", account}} {
		var times []time.Duration
		for range s.runs {
			begin := time.Now()
			c, err := talk(program, source...)
			if err != nil {
				return err
			}
			if err := c.begin(); err != nil {
				return err
			}
			if _, err := c.call("tools/list", ""); err != nil {
				return err
			}
			times = append(times, time.Since(begin))
			if err := c.end(); err != nil {
				return err
			}
		}
		report("start to tools/list "+source[0], "min %s, median %s", quantile(times, 0), quantile(times, 0.5))
	}
	return nil
}

// stdioCalls measures calls one after another; the first, which does what later
// ones find done, is told apart.
func stdioCalls(s *settings, program, account string) error {
	c, err := talk(program, "--snapshot", account)
	if err != nil {
		return err
	}
	if err := c.begin(); err != nil {
		return err
	}
	if _, err := c.call("tools/list", ""); err != nil {
		return err
	}
	time.Sleep(time.Second)
	report("memory at rest", "%s", megabytes(memory(c.cmd.Process.Pid)))
	for _, timed := range timedCalls(s.user) {
		times := make([]time.Duration, 0, s.calls)
		var first time.Duration
		for i := range s.calls + 1 {
			took, err := c.call(method(timed.params), timed.params)
			if err != nil {
				return err
			}
			if i == 0 {
				first = took.Round(10 * time.Microsecond)
				continue
			}
			times = append(times, took)
		}
		report("stdio "+timed.name, "first %s, p50 %s, p99 %s", first, quantile(times, 0.5), quantile(times, 0.99))
	}
	report("memory after these calls", "%s", megabytes(memory(c.cmd.Process.Pid)))
	return c.end()
}
