package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// pipeGrace is how long a command's output may stay open after the command has
// ended, held by a child it left behind.
const pipeGrace = 5 * time.Second

// process is one program that was started here and has to end here. It leads a
// process group of its own, so that its children can be ended with it and a ^C
// at the terminal reaches it only through us, in the right order.
type process struct {
	name string
	cmd  *exec.Cmd
	// ended is closed once the program has been waited for; err is valid from then on.
	ended chan struct{}
	err   error
}

// launch starts cmd. The caller must call stop, also after the program has ended
// by itself, to end what it may have left in its group.
func launch(name string, cmd *exec.Cmd) (*process, error) {
	p := &process{name: name, cmd: cmd, ended: make(chan struct{})}
	isolate(cmd)
	cmd.WaitDelay = pipeGrace
	started := make(chan error)
	go p.own(started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// own starts the program and waits for it on one thread: Linux ends a child with
// its parent when the thread that forked it goes, not when the process does.
func (p *process) own(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.cmd.Start(); err != nil {
		started <- err
		return
	}
	started <- nil
	p.err = p.cmd.Wait()
	close(p.ended)
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// running says whether the program has not been seen to end yet.
func (p *process) running() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// stop asks the program to end with sig, waits up to grace, and then ends its
// whole group. It returns when the program is gone.
func (p *process) stop(sig syscall.Signal, grace time.Duration) {
	if p.running() {
		_ = p.cmd.Process.Signal(sig) // an error means it has just ended
		p.await(grace)
	}
	p.killGroup()
	<-p.ended
}

// stopGroup is stop for a program whose children do the work: all are asked.
func (p *process) stopGroup(sig syscall.Signal, grace time.Duration) {
	_ = syscall.Kill(-p.pid(), sig) // an error means that nobody is left in it
	p.await(grace)
	p.killGroup()
	<-p.ended
}

func (p *process) await(grace time.Duration) {
	select {
	case <-p.ended:
	case <-time.After(grace):
	}
}

func (p *process) killGroup() {
	_ = syscall.Kill(-p.pid(), syscall.SIGKILL) // an error means that nobody is left in it
}

// tail returns the end of a log file, for the message that says why a server
// did not start.
func tail(path string) string {
	const most = 2000
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	if len(text) > most {
		text = text[len(text)-most:]
	}
	return string(text)
}
