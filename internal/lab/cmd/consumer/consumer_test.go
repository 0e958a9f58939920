package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sum = `github.com/google/go-cmp v0.7.0 h1:wk8382ETsv4JYUZwIsn6YpYiWiBsYLSJiTsyBybVuN8=
github.com/google/go-cmp v0.7.0/go.mod h1:pXiqmnSA92OHEEa9HXL2W4E7lf9JzCmGVUdgjX3N/iU=
github.com/redis/go-redis/v9 v9.23.0/go.mod h1:huWgSWd8mW6+m0VPhJjSSQ+d6Nh1VICQ6Q5lHuCH/Iw=
github.com/shopspring/decimal v1.6.0 h1:bxl37RwXBklmTi0C79JfXCEBD1cqqHt0bbgBAGFp81k=
`

func TestModules(t *testing.T) {
	want := []string{"github.com/google/go-cmp", "github.com/redis/go-redis/v9", "github.com/shopspring/decimal"}
	if diff := cmp.Diff(want, modules(sum)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A driver counts as inherited even when only its go.mod is in the file.
func TestNoConsumerAcceptsADriverItDoesNotUse(t *testing.T) {
	for _, c := range consumers() {
		if c.name == "a shop with Redis" {
			continue // it is the one that uses it
		}
		want := []string{"github.com/redis/go-redis/v9"}
		if diff := cmp.Diff(want, c.unwanted(modules(sum))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestAConsumerThatDoesNotResolveIsAnError(t *testing.T) {
	c := consumer{name: "a dreamer", imports: []string{"no/such/package"}}
	_, err := c.build(t.Context(), "../../../..")
	if err == nil || !strings.Contains(err.Error(), module+"/no/such/package") {
		t.Errorf("built a package that does not exist: %v", err)
	}
}
