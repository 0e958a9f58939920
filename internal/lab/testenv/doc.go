// Package testenv gives the tests the real servers they need and takes them
// away again.
//
// [Start] looks for redis-server, Postgres and Chromium on the machine, installs
// what is missing where it may (as root, through apt) and says exactly what to
// install where it may not. Then it starts a Redis and a Postgres of its own:
// loopback only, free ports, a password nobody else knows, data in a temporary
// folder. A system-wide server that happens to run is left alone.
//
// [Environment.Vars] names what was found in the form the tests read:
//
//	ANKKOR_TEST_REDIS_URL     redis://:password@127.0.0.1:port/0
//	ANKKOR_TEST_POSTGRES_URL  postgres://ankkor:password@127.0.0.1:port/postgres
//	ANKKOR_TEST_CHROMIUM      the browser's program
//
// A variable that is set already is taken as it is and nothing is started for it,
// so a developer can point the tests at a server of another version.
//
// [Run] runs a command in its own process group with these variables, and a
// [Tally] reads `go test -json`, prints what a person wants to see and counts.
//
// Everything started here ends here: in order when the work is done, also when
// it failed or was interrupted, and by the kernel (on Linux) when this process
// is killed outright. Processes are ended by the ids they were started with,
// never by name.
package testenv
