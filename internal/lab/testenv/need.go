package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// The names that [Config].With understands.
const (
	Redis    = "redis"
	Postgres = "postgres"
	Chromium = "chromium"
	// Compiler is a C compiler, which the race detector needs.
	Compiler = "cc"
	// PHP runs the tests of the plugin for WordPress.
	PHP = "php"
	// PgBouncer is started by the tests that are about it.
	PgBouncer = "pgbouncer"
)

// need is a program that the tests cannot do without, and how to come by it.
type need struct {
	name string
	// find returns the program's path, or "" when it is not on the machine.
	find func() string
	// variable names an address the developer may give instead, "" for none.
	variable string
	// packages are Debian's names for it.
	packages []string
}

// needs lists every known need, in the order they are reported in.
func needs() []need {
	return []need{
		{Redis, findRedis, RedisVariable, []string{"redis-server"}},
		{Postgres, findPostgres, PostgresVariable, []string{"postgresql"}},
		{Chromium, findChromium, ChromiumVariable, []string{"chromium", "fonts-dejavu-core", "fonts-lohit-deva"}},
		{Compiler, findCompiler, "", []string{"gcc", "libc6-dev"}},
		{PHP, findPHP, PHPVariable, []string{"php-cli"}},
		{PgBouncer, findPgBouncer, "", []string{"pgbouncer"}},
	}
}

// wanted picks the needs with these names.
func wanted(names []string) ([]need, error) {
	var picked []need
	known := needs()
	for _, name := range names {
		i := slices.IndexFunc(known, func(n need) bool { return n.name == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown need %q: want some of redis, postgres, chromium, cc, php, pgbouncer", name)
		}
		picked = append(picked, known[i])
	}
	return picked, nil
}

// missing returns the needs that neither the machine nor the environment meets.
func missing(list []need) []need {
	var absent []need
	for _, n := range list {
		if !n.given() && n.find() == "" {
			absent = append(absent, n)
		}
	}
	return absent
}

func (n need) given() bool { return n.variable != "" && os.Getenv(n.variable) != "" }

func packagesOf(list []need) []string {
	var names []string
	for _, n := range list {
		names = append(names, n.packages...)
	}
	return names
}

func namesOf(list []need) string {
	var names []string
	for _, n := range list {
		names = append(names, n.name)
	}
	return strings.Join(names, ", ")
}

func findRedis() string { return firstProgram("redis-server") }

func findChromium() string {
	return firstProgram("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
}

func findPgBouncer() string { return firstProgram("pgbouncer", "/usr/sbin/pgbouncer") }

func findPHP() string { return firstProgram("php") }

func findCompiler() string { return firstProgram("gcc", "clang", "cc") }

// findPostgres returns the folder that holds both initdb and postgres. Debian
// keeps them off the PATH, one folder per version; the newest wins.
func findPostgres() string {
	var folders []string
	if initdb, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(initdb))
	}
	versions, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well-formed
	slices.SortFunc(versions, newestFirst)
	for _, folder := range append(folders, versions...) {
		if isProgram(filepath.Join(folder, "initdb")) && isProgram(filepath.Join(folder, "postgres")) {
			return folder
		}
	}
	return ""
}

// newestFirst orders paths that differ in a version number: 15 before 9, the
// longer number being the newer.
func newestFirst(a, b string) int {
	if len(a) != len(b) {
		return len(b) - len(a)
	}
	return strings.Compare(b, a)
}

func firstProgram(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}
