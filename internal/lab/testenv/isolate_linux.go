package testenv

import (
	"os/exec"
	"syscall"
)

// isolate gives the program a process group of its own and lets the kernel end
// it if this process is killed without a chance to do so.
func isolate(cmd *exec.Cmd) {
	attributes(cmd).Setpgid = true
	attributes(cmd).Pdeathsig = syscall.SIGINT // Postgres would wait for its clients on SIGTERM
}

func attributes(cmd *exec.Cmd) *syscall.SysProcAttr {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	return cmd.SysProcAttr
}
