package testenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// installGrace is how long apt may take to come to a safe end when interrupted.
const installGrace = time.Minute

// policyFile is what Debian's packages ask before they start the service they
// bring. Exit code 101 forbids it.
const (
	policyFile = "/usr/sbin/policy-rc.d"
	policyText = "#!/bin/sh\nexit 101\n"
)

// MissingError says which programs are not on the machine and how to get them.
type MissingError struct {
	// Needs are the names of what is missing.
	Needs string
	// Packages are Debian's packages that bring it.
	Packages []string
	// Reason says why they were not installed.
	Reason string
}

// Error names what is missing and prints the command that installs it.
func (e *MissingError) Error() string {
	return fmt.Sprintf("missing: %s (%s). Install it, on Debian or Ubuntu with\n\n"+
		"\tsudo apt-get update && sudo apt-get install --no-install-recommends %s\n\n"+
		"or name what you have in %s, %s, %s or %s",
		e.Needs, e.Reason, strings.Join(e.Packages, " "), RedisVariable, PostgresVariable, ChromiumVariable, PHPVariable)
}

// provide makes sure that everything on the list is there, installing what is
// missing when that is possible.
func provide(ctx context.Context, list []need, log io.Writer) error {
	absent := missing(list)
	if len(absent) == 0 {
		return nil
	}
	if reason := cannotInstall(os.Geteuid()); reason != "" {
		return &MissingError{namesOf(absent), packagesOf(absent), reason}
	}
	if err := install(ctx, packagesOf(absent), log); err != nil {
		return err
	}
	if absent = missing(list); len(absent) != 0 {
		return &MissingError{namesOf(absent), packagesOf(absent), "apt-get installed its packages and it is still not found"}
	}
	return nil
}

// cannotInstall says why packages cannot be installed here, "" when they can.
func cannotInstall(uid int) string {
	if uid != 0 {
		return "not installed for you, since that takes root"
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return "not installed for you, since there is no apt-get"
	}
	return ""
}

// install brings Debian packages onto the machine without starting any service.
func install(ctx context.Context, packages []string, log io.Writer) (err error) {
	fmt.Fprintln(log, "testenv: installing", strings.Join(packages, " "))
	allow, err := forbidServices(policyFile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, allow()) }()
	if err := apt(ctx, log, "update"); err != nil {
		return err
	}
	return apt(ctx, log, append([]string{"install", "-y", "--no-install-recommends"}, packages...)...)
}

// apt runs apt-get to its end. An interrupt is passed on and waited for, so that
// dpkg is not left half-way.
func apt(ctx context.Context, log io.Writer, args ...string) error {
	args = append([]string{"-q", "-o", "DPkg::Lock::Timeout=300"}, args...)
	cmd := exec.Command("apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8")
	said := &lastBytes{most: 4000}
	cmd.Stdout, cmd.Stderr = said, said
	p, err := launch("apt-get", cmd)
	if err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-ctx.Done():
		p.stopGroup(syscall.SIGINT, installGrace)
		return ctx.Err()
	}
	if p.err != nil {
		fmt.Fprintln(log, said)
		return fmt.Errorf("apt-get %s: %w", args[3], p.err)
	}
	return nil
}

// forbidServices keeps packages from starting what they install, unless the
// machine has a policy of its own. The returned function takes the ban back.
func forbidServices(path string) (allow func() error, err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if errors.Is(err, os.ErrExist) {
		return func() error { return nil }, nil
	}
	if err != nil {
		return nil, fmt.Errorf("forbid packages to start services: %w", err)
	}
	_, err = file.WriteString(policyText)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return func() error { return os.Remove(path) }, nil
}

// lastBytes keeps the end of what is written to it.
type lastBytes struct {
	most int
	text []byte
}

func (l *lastBytes) Write(b []byte) (int, error) {
	l.text = append(l.text, b...)
	if extra := len(l.text) - l.most; extra > 0 {
		l.text = l.text[extra:]
	}
	return len(b), nil
}

func (l *lastBytes) String() string { return string(l.text) }
