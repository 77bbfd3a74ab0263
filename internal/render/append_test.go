package render_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

func TestAppendedPermissionsAreThoseOfPackageJSON(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var w render.WirePermissions
		fill(reflect.ValueOf(&w).Elem(), random)
		want, err := render.Marshaled(&w)
		require.NoError(t, err)
		require.Equal(t, want, render.Appended(&w))
	}
}

func TestAppendedServicesAreThoseOfPackageJSON(t *testing.T) {
	t.Parallel()
	type service struct {
		AccessLevel      string                `json:"access_level"`
		All              policydoc.AccessLevel `json:"all,omitzero"`
		Named            policydoc.AccessLevel `json:"named,omitzero"`
		ConditionalAll   policydoc.AccessLevel `json:"conditional_all,omitzero"`
		ConditionalNamed policydoc.AccessLevel `json:"conditional_named,omitzero"`
		Actions          int                   `json:"actions"`
		Of               int                   `json:"of"`
	}
	random := rand.New(rand.NewPCG(3, 4))
	var list []permissions.ServiceAccess
	byName := map[string]service{}
	for name := 'a'; name <= 'z'; name++ {
		want, err := render.Marshaled(byName)
		require.NoError(t, err)
		require.Equal(t, want, render.AppendedServices(list))

		var s permissions.ServiceAccess
		fill(reflect.ValueOf(&s).Elem(), random)
		s.Service = string(name)
		list = append(list, s)
		word := string(s.Level)
		if s.Level == policydoc.LevelUnknown {
			word = "None"
		}
		byName[s.Service] = service{word, s.All, s.Named, s.ConditionalAll, s.ConditionalNamed, s.Actions, s.Of}
	}
}

// texts are what JSON writes as it is, what it escapes, and what it cannot hold.
var texts = []string{
	"", "plain", "arn:aws:iam::123456789012:user/x", `"`, `\`, "\x00\x1f\n\t", "\x7f", "<&>", "é", "\u2028", "😀", "\xff", "ends in \xe2\x82",
}

// fill sets v to something random, however deep it is.
func fill(v reflect.Value, random *rand.Rand) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(random.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(random.Int64() >> random.IntN(64))
	case reflect.String:
		if v.Type() == reflect.TypeFor[policydoc.AccessLevel]() {
			levels := append(policydoc.AccessLevels(), policydoc.LevelUnknown)
			v.SetString(string(levels[random.IntN(len(levels))]))
			return
		}
		v.SetString(texts[random.IntN(len(texts))] + texts[random.IntN(len(texts))])
	case reflect.Pointer:
		if random.IntN(2) == 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), random)
		}
	case reflect.Slice:
		// A service is named by the catalogue, not by chance: it has a test of its own.
		if v.Type().Elem() == reflect.TypeFor[permissions.ServiceAccess]() {
			return
		}
		for range random.IntN(4) {
			v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			fill(v.Index(v.Len()-1), random)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), random)
		}
	default:
		panic("a kind that no test value has: " + v.Type().String())
	}
}
