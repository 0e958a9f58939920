package testenv

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fakeApt puts an apt-get on an otherwise empty PATH. It writes its arguments to
// the returned file.
func fakeApt(t *testing.T, then string) (said string) {
	t.Helper()
	dir := t.TempDir()
	said = filepath.Join(dir, "said")
	script := "#!/bin/sh\necho \"$@\" >> " + said + "\n" + then + "\n"
	if err := os.WriteFile(filepath.Join(dir, "apt-get"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return said
}

func TestAptIsRunWithoutQuestions(t *testing.T) {
	said := fakeApt(t, `echo "$DEBIAN_FRONTEND" >> "${0%/*}/said"`)
	if err := apt(context.Background(), io.Discard, "install", "-y", "chromium"); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(said)
	if err != nil || string(got) != "-q -o DPkg::Lock::Timeout=300 install -y chromium\nnoninteractive\n" {
		t.Errorf("apt-get was told %q, %v", got, err)
	}
}

func TestAptFailureShowsItsWords(t *testing.T) {
	fakeApt(t, "echo E: no such package; exit 100")
	var log bytes.Buffer
	err := apt(context.Background(), &log, "install", "-y", "chromiun")
	if err == nil || !strings.Contains(err.Error(), "apt-get install") {
		t.Errorf("error %v; want one that names apt-get install", err)
	}
	if !strings.Contains(log.String(), "E: no such package") {
		t.Errorf("log %q lacks what apt-get said", log.String())
	}
}

func TestAptIsInterrupted(t *testing.T) {
	fakeApt(t, "kill -0 $$; while :; do :; done")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := apt(ctx, io.Discard, "update"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the interrupt", err)
	}
}

func TestWhoCannotInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if reason := cannotInstall(1000); !strings.Contains(reason, "root") {
		t.Errorf("for a user: %q, want a word on root", reason)
	}
	if reason := cannotInstall(0); !strings.Contains(reason, "apt-get") {
		t.Errorf("without apt-get: %q, want a word on it", reason)
	}
	fakeApt(t, "")
	if reason := cannotInstall(0); reason != "" {
		t.Errorf("root with apt-get: %q, want no objection", reason)
	}
}

func TestMissingErrorSaysExactlyWhatToDo(t *testing.T) {
	list, err := wanted([]string{Redis, Postgres})
	if err != nil {
		t.Fatal(err)
	}
	text := (&MissingError{namesOf(list), packagesOf(list), "not root"}).Error()
	for _, want := range []string{"redis, postgres", "sudo apt-get install", " redis-server postgresql\n", RedisVariable} {
		if !strings.Contains(text, want) {
			t.Errorf("message lacks %q:\n%s", want, text)
		}
	}
}

func TestServicesAreForbiddenWhileInstalling(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy-rc.d")
	allow, err := forbidServices(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o111 == 0 {
		t.Errorf("policy file: %v, %v; want a program", info, err)
	}
	if err := allow(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the ban stays: %v", err)
	}
}

func TestTheMachinesOwnPolicyStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy-rc.d")
	if err := os.WriteFile(path, []byte("own"), 0o755); err != nil {
		t.Fatal(err)
	}
	allow, err := forbidServices(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := allow(); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "own" {
		t.Errorf("policy is %q, %v; want it untouched", got, err)
	}
}

func TestLastBytes(t *testing.T) {
	l := &lastBytes{most: 5}
	for _, piece := range []string{"abc", "defg", "", "h"} {
		if n, err := l.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", piece, n, err)
		}
	}
	if got := l.String(); got != "defgh" {
		t.Errorf("kept %q, want the last five bytes", got)
	}
}
