package checkouthttp

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
)

// away reports whether an error is that of a store, a database or a cache, which cannot be reached or is not itself at the
// moment: it is going down, starting, full, a standby, or undid what was asked because others were first. That passes, and
// what was asked may be asked again. A store's other errors are the shop's own.
func away(err error) bool {
	var network interface{ Timeout() bool } // net.Error, and what contexts say
	if errors.As(err, &network) {
		return true
	}
	for _, gone := range []error{driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, gone) {
			return true
		}
	}
	var said interface{ SQLState() string }
	return errors.As(err, &said) && passingState(said.SQLState())
}

// passingState reports whether an SQLSTATE says that the server, not the statement, is the matter: the classes of
// connections (08), resources (53), operators' interventions (57) and I/O (58), of transactions that were undone (40), and
// a server that only reads (25006), as a primary that became a standby does.
func passingState(state string) bool {
	return state == "25006" || len(state) == 5 && slices.Contains([]string{"08", "40", "53", "57", "58"}, state[:2])
}
