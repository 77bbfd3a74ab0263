package mcpserver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/mcpserver"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		opts mcpserver.Options
		want string
	}{
		{"a toolset that there is not", mcpserver.Options{Toolsets: []mcpserver.Toolset{"scans"}}, `no toolset "scans"`},
		{"a tool that there is not", mcpserver.Options{Tools: []string{"who_cna"}}, "did you mean who_can?"},
		{"no tools", mcpserver.Options{Tools: []string{"who_can"}, ExcludeTools: []string{"who_can"}}, "no tools are left"},
		{"a snapshot of nothing", mcpserver.Options{Snapshot: &mcpserver.Snapshot{}}, "the snapshot has no account"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := mcpserver.New(&test.opts)
			require.ErrorContains(t, err, test.want)
		})
	}
}
