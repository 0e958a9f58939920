package testenv

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// commandGrace is how long a command may take to end when interrupted.
const commandGrace = 5 * time.Second

// Command is a program to run with the servers' addresses in its environment.
type Command struct {
	// Dir is the folder to run it in.
	Dir string
	// Args are the program and its arguments.
	Args []string
	// Vars are added to the caller's environment.
	Vars []string
	// Stdout and Stderr receive what it prints.
	Stdout, Stderr io.Writer
}

// Run runs the command to its end and returns an error unless it exits 0. When
// ctx ends, the command and all its children are asked to end, and ended if they
// do not. No child is left behind in any case.
func Run(ctx context.Context, c Command) error {
	cmd := exec.Command(c.Args[0], c.Args[1:]...)
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), c.Vars...)
	cmd.Stdout, cmd.Stderr = c.Stdout, c.Stderr
	p, err := launch(c.Args[0], cmd)
	if err != nil {
		return err
	}
	select {
	case <-p.ended:
	case <-ctx.Done():
		// The go command removes its own temporary files on an interrupt.
		p.stopGroup(syscall.SIGINT, commandGrace)
		return ctx.Err()
	}
	p.killGroup()
	if p.err != nil {
		return fmt.Errorf("%s in %s: %w", c.Args[0], c.Dir, p.err)
	}
	return nil
}
