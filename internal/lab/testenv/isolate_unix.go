//go:build unix && !linux

package testenv

import (
	"os/exec"
	"syscall"
)

// isolate gives the program a process group of its own.
func isolate(cmd *exec.Cmd) {
	attributes(cmd).Setpgid = true
}

func attributes(cmd *exec.Cmd) *syscall.SysProcAttr {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	return cmd.SysProcAttr
}
