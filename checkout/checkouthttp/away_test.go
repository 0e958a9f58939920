package checkouthttp_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"

	"github.com/ankkor/ankkor/checkout/checkouthttp"
)

// serverError is what a driver returns when the database said something.
type serverError string

func (e serverError) Error() string    { return "FATAL: 127.0.0.1 (SQLSTATE " + string(e) + ")" }
func (e serverError) SQLState() string { return string(e) }

// A store that is away is 503, to be asked again; what it found wrong is the shop's own fault, and 500.
func TestAway(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errors.New("connection refused"))}
	for _, tt := range []struct {
		err  error
		want checkouthttp.Code
	}{
		{refused, checkouthttp.CodeUnavailable},
		{serverError("57P01"), checkouthttp.CodeUnavailable}, // terminating connection due to administrator command
		{serverError("57P03"), checkouthttp.CodeUnavailable}, // the database system is starting up
		{serverError("08006"), checkouthttp.CodeUnavailable},
		{serverError("53300"), checkouthttp.CodeUnavailable}, // too many clients
		{serverError("25006"), checkouthttp.CodeUnavailable}, // read-only: a standby
		{serverError("40001"), checkouthttp.CodeUnavailable},
		{driver.ErrBadConn, checkouthttp.CodeUnavailable},
		{io.ErrUnexpectedEOF, checkouthttp.CodeUnavailable},
		{context.DeadlineExceeded, checkouthttp.CodeUnavailable},
		{serverError("23514"), checkouthttp.CodeInternal}, // a CHECK
		{serverError("42P01"), checkouthttp.CodeInternal}, // no such table
		{serverError(""), checkouthttp.CodeInternal},
		{errors.New("pgstore: a record that cannot be read"), checkouthttp.CodeInternal},
	} {
		if got := checkouthttp.CodeOf(fmt.Errorf("pgstore: loading a cart: %w", tt.err)); got != tt.want {
			t.Errorf("%v is %s, want %s", tt.err, got, tt.want)
		}
	}
}
