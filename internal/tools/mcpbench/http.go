package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// A service is the program while it serves HTTP.
type service struct {
	cmd    *exec.Cmd
	url    string
	client *http.Client
}

var serving = regexp.MustCompile(`serving MCP on (\S+)`)

func serve(clients int, program string, args ...string) (*service, error) {
	s := &service{
		cmd:    exec.Command(program, append(args, "--http", "127.0.0.1:0", "--rate-limit", "0")...),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}},
	}
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if found := serving.FindStringSubmatch(lines.Text()); found != nil {
			s.url = found[1]
			go io.Copy(io.Discard, stderr) // a full pipe would stop the program
			return s, nil
		}
	}
	return nil, fmt.Errorf("%s serves nothing", program)
}

func (s *service) end() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// errBusy is an answer that asks to come back later.
var errBusy = errors.New("the server is busy")

// post sends one request and returns the session that the answer names.
func (s *service) post(session string, id int, method, params string) (string, error) {
	r, err := http.NewRequest(http.MethodPost, s.url, strings.NewReader(request(id, method, params)))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if session != "" {
		r.Header.Set("Mcp-Session-Id", session)
		r.Header.Set("MCP-Protocol-Version", "2025-11-25")
	}
	response, err := s.client.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return "", err
	case response.StatusCode == http.StatusTooManyRequests, response.StatusCode == http.StatusServiceUnavailable:
		return "", errBusy
	case response.StatusCode != http.StatusOK:
		return "", fmt.Errorf("%s: status %s: %.300s", method, response.Status, text)
	}
	for line := range strings.Lines(string(text)) {
		if done, err := answers([]byte(strings.TrimPrefix(strings.TrimSpace(line), "data:")), id); done {
			return response.Header.Get("Mcp-Session-Id"), err
		}
	}
	return "", fmt.Errorf("%s: no answer in %.300s", method, text)
}

// httpCalls counts the calls that clients with a session each get answered.
func httpCalls(s *settings, program, account string) error {
	service, err := serve(s.clients, program, "--snapshot", account)
	if err != nil {
		return err
	}
	for _, timed := range timedCalls(s.user) {
		if !timed.http {
			continue
		}
		var answered, busy atomic.Int64
		var clients errgroup.Group
		begin := time.Now()
		for range s.clients {
			clients.Go(func() error {
				session, err := service.post("", 0, "initialize", initialize)
				for id := 1; err == nil && time.Since(begin) < s.duration; id++ {
					_, err = service.post(session, id, method(timed.params), timed.params)
					if errors.Is(err, errBusy) {
						busy.Add(1)
						err = nil
						continue
					}
					answered.Add(1)
				}
				return err
			})
		}
		if err := clients.Wait(); err != nil {
			return err
		}
		rate := float64(answered.Load()) / time.Since(begin).Seconds()
		report(fmt.Sprintf("HTTP, %d clients, %s", s.clients, timed.name), "%.0f calls/s, refused as too many: %d", rate, busy.Load())
	}
	report("memory under these clients", "%s", megabytes(memory(service.cmd.Process.Pid)))
	return service.end()
}

// droppedSessions opens sessions that nobody uses or ends.
func droppedSessions(s *settings, program, _ string) error {
	service, err := serve(s.clients, program, "--demo")
	if err != nil {
		return err
	}
	if _, err := service.post("", 0, "initialize", initialize); err != nil {
		return err
	}
	before := memory(service.cmd.Process.Pid)
	var busy atomic.Int64
	var next atomic.Int64
	var clients errgroup.Group
	begin := time.Now()
	for range s.clients {
		clients.Go(func() error {
			for int(next.Add(1)) <= s.sessions {
				_, err := service.post("", 1, "initialize", initialize)
				for errors.Is(err, errBusy) {
					busy.Add(1)
					time.Sleep(time.Millisecond)
					_, err = service.post("", 1, "initialize", initialize)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := clients.Wait(); err != nil {
		return err
	}
	report(fmt.Sprintf("%d sessions opened and dropped", s.sessions), "%.0f a second, refused as too many: %d",
		float64(s.sessions)/time.Since(begin).Seconds(), busy.Load())
	report("memory before, and after", "%s, %s", megabytes(before), megabytes(memory(service.cmd.Process.Pid)))
	time.Sleep(5 * time.Second)
	report("memory five seconds later", "%s", megabytes(memory(service.cmd.Process.Pid)))
	return service.end()
}
