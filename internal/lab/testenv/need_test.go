package testenv

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// program writes an executable file.
func program(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestNewestPostgresFirst(t *testing.T) {
	folders := []string{
		"/usr/lib/postgresql/9.6/bin", "/usr/lib/postgresql/15/bin",
		"/usr/lib/postgresql/9/bin", "/usr/lib/postgresql/17/bin",
	}
	slices.SortFunc(folders[1:], newestFirst)
	want := []string{
		"/usr/lib/postgresql/9.6/bin", "/usr/lib/postgresql/17/bin",
		"/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/9/bin",
	}
	if !slices.Equal(folders, want) {
		t.Errorf("sorted to %v, want %v", folders, want)
	}
}

func TestPostgresIsFoundOnThePathOnlyWhenWhole(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	program(t, filepath.Join(dir, "initdb"))
	if got := findPostgres(); got == dir {
		t.Error("a folder without the server itself was taken")
	}
	program(t, filepath.Join(dir, "postgres"))
	if got := findPostgres(); got != dir {
		t.Errorf("findPostgres() = %q, want %q", got, dir)
	}
}

func TestMissing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	t.Setenv(RedisVariable, "")
	list, err := wanted([]string{Redis, Compiler})
	if err != nil {
		t.Fatal(err)
	}
	if got := namesOf(missing(list)); got != "redis, cc" {
		t.Errorf("on an empty machine %q is missing, want redis, cc", got)
	}
	program(t, filepath.Join(dir, "gcc"))
	if got := namesOf(missing(list)); got != "redis" {
		t.Errorf("with a compiler %q is missing, want redis", got)
	}
	t.Setenv(RedisVariable, "redis://127.0.0.1:1/0")
	if got := missing(list); len(got) != 0 {
		t.Errorf("with a server given %q is missing, want nothing", namesOf(got))
	}
}

func TestWantedRefusesAnUnknownName(t *testing.T) {
	if _, err := wanted([]string{Redis, "mysql"}); err == nil || !strings.Contains(err.Error(), `"mysql"`) {
		t.Errorf("wanted = %v; want an error that names mysql", err)
	}
}

func TestEveryNeedSaysWhatToInstall(t *testing.T) {
	for _, n := range needs() {
		if len(n.packages) == 0 || n.find == nil {
			t.Errorf("need %q cannot be met", n.name)
		}
	}
}
