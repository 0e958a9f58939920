//go:build !race

package backend

// raced says whether the race detector is on; the server is then built with it, too.
const raced = false
