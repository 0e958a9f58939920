package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const module = "github.com/ankkor/ankkor"

// consumer is a program that imports some of our packages.
type consumer struct {
	name    string
	imports []string
	// accepts are the modules that may stand in its go.sum.
	accepts []string
}

func consumers() []consumer {
	// go-cmp is what the core's own tests compare with: `go mod tidy` resolves the
	// tests of the packages that a module imports.
	core := []string{"github.com/shopspring/decimal", "github.com/google/go-cmp"}
	// WooCommerce's client links a GraphQL client, a circuit breaker, pauses and
	// a semaphore; its tests need the stand-in's parser, the breaker's own testify.
	store := append(slices.Clone(core), "github.com/hasura/go-graphql-client", "github.com/coder/websocket",
		"github.com/google/uuid", "github.com/vektah/gqlparser/v2", "github.com/agnivade/levenshtein",
		"github.com/cenkalti/backoff/v5", "github.com/sony/gobreaker/v2", "golang.org/x/sync",
		"github.com/stretchr/testify", "github.com/davecgh/go-spew", "github.com/pmezard/go-difflib", "gopkg.in/yaml.v3")
	// go-redis links four of these; the others are its tests'.
	redis := append(slices.Clone(core), "github.com/redis/go-redis/v9", "github.com/cespare/xxhash/v2", "go.uber.org/atomic",
		"golang.org/x/sys", "github.com/bsm/ginkgo/v2", "github.com/bsm/gomega", "github.com/klauspost/cpuid/v2",
		"github.com/zeebo/xxh3", "github.com/stretchr/testify", "go.yaml.in/yaml/v3")
	// pgstore links sqlx, goose and four behind goose; its tests need pgx and what is behind that. The rest stands in the
	// file for the tests of sqlx (MySQL, SQLite, lib/pq) and of goose (another SQLite), and is linked by nobody.
	postgres := append(slices.Clone(core), "github.com/jmoiron/sqlx", "github.com/pressly/goose/v3", "github.com/mfridman/interpolate",
		"github.com/sethvargo/go-retry", "go.uber.org/multierr", "golang.org/x/sync", "github.com/jackc/pgx/v5",
		"github.com/jackc/pgpassfile", "github.com/jackc/pgservicefile", "github.com/jackc/puddle/v2", "golang.org/x/text",
		"github.com/go-sql-driver/mysql", "filippo.io/edwards25519", "github.com/lib/pq", "github.com/mattn/go-sqlite3",
		"modernc.org/sqlite", "modernc.org/libc", "modernc.org/mathutil", "modernc.org/memory", "github.com/dustin/go-humanize",
		"github.com/google/uuid", "github.com/mattn/go-isatty", "github.com/ncruces/go-strftime",
		"github.com/remyoudompheng/bigfft", "golang.org/x/sys", "github.com/stretchr/testify", "go.yaml.in/yaml/v3")
	return []consumer{
		{
			name:    "a shop on ports of its own",
			imports: []string{"checkout"},
			accepts: core,
		},
		{
			name:    "a shop in memory",
			imports: []string{"checkout", "adapters/memstore"},
			accepts: core,
		},
		{
			name:    "a shop with Redis",
			imports: []string{"checkout", "adapters/redisstore"},
			accepts: redis,
		},
		{
			name:    "a shop on Postgres",
			imports: []string{"checkout", "adapters/pgstore"},
			accepts: postgres,
		},
		{
			name:    "a shop on WooCommerce",
			imports: []string{"checkout", "woo", "auth"},
			accepts: store,
		},
	}
}

// build makes the consumer from nothing and returns the modules in its go.sum.
func (c consumer) build(ctx context.Context, root string) ([]string, error) {
	dir, err := os.MkdirTemp("", "ankkor-consumer-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := c.write(dir, root); err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"mod", "tidy"}, {"build", "-o", os.DevNull, "."}} {
		if err := goCommand(ctx, dir, args...); err != nil {
			return nil, err
		}
	}
	sum, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		return nil, err
	}
	return modules(string(sum)), nil
}

// write lays down the consumer's two files.
func (c consumer) write(dir, root string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	goMod := fmt.Sprintf("module example.com/consumer\n\ngo 1.26\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", module, module, root)
	var program strings.Builder
	program.WriteString("package main\n\nimport (\n")
	for _, path := range c.imports {
		fmt.Fprintf(&program, "\t_ %q\n", module+"/"+path)
	}
	program.WriteString(")\n\nfunc main() {}\n")
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(goMod), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "main.go"), []byte(program.String()), 0o600)
}

func goCommand(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	// Somebody's workspace would hide what a stranger's module resolves to.
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, said.Bytes())
	}
	return nil
}

// modules lists the modules named in a go.sum, each once.
func modules(sum string) []string {
	var found []string
	for line := range strings.Lines(sum) {
		if name, _, ok := strings.Cut(line, " "); ok {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// unwanted picks what the consumer does not accept.
func (c consumer) unwanted(inherited []string) []string {
	var found []string
	for _, name := range inherited {
		if !slices.Contains(c.accepts, name) {
			found = append(found, name)
		}
	}
	return found
}
