package render_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/permissions"
)

// However many there are, identities are listed in order, each once and with what
// it can do.
func TestScanJSONOfManyIdentities(t *testing.T) {
	t.Parallel()
	few := scanWithPermissions(t)
	scan := *few
	scan.Identities, scan.Permissions = nil, map[string]*permissions.Permissions{}
	for i := range 3000 {
		id := *few.Identities[i%len(few.Identities)]
		known := few.Permissions[id.ARN]
		id.ARN = fmt.Sprintf("%s-%d", id.ARN, i)
		if known != nil {
			own := *known
			own.Access.Actions = i
			scan.Permissions[id.ARN] = &own
		}
		scan.Identities = append(scan.Identities, &id)
	}
	var out bytes.Buffer
	require.NoError(t, render.ScanJSON(&out, &scan))
	var got struct {
		Identities []struct {
			ARN         string
			Permissions *struct{ Access struct{ Actions int } }
		}
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Len(t, got.Identities, len(scan.Identities))
	for i, id := range got.Identities {
		require.Equal(t, scan.Identities[i].ARN, id.ARN)
		p := scan.Permissions[id.ARN]
		require.Equal(t, p != nil, id.Permissions != nil, id.ARN)
		if p != nil {
			require.Equal(t, i, id.Permissions.Access.Actions)
		}
	}
}
