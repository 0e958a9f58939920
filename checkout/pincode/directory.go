package pincode

import (
	"context"
	_ "embed" // for the table
	"fmt"
	"strconv"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/pincode/internal/table"
)

var _ checkout.PincodeDirectory = (*Directory)(nil)

//go:embed pincodes.bin.gz
var packed string

// Directory is the directory of India Post, as of October 2025. Immutable, safe for concurrent use.
type Directory struct {
	table *table.Table
}

// New unpacks the directory: a millisecond or two, and about 200 kB for as long as it is kept. Make one and share it. An
// error means that the program file is damaged.
func New() (*Directory, error) {
	t, err := table.Decode(packed)
	if err != nil {
		return nil, fmt.Errorf("pincode: %w", err)
	}
	return &Directory{table: t}, nil
}

// Len is how many PINs are known.
func (d *Directory) Len() int { return d.table.Len() }

// Pincode implements checkout.PincodeDirectory. A malformed PIN is a *checkout.InvalidError for the field "postcode".
//
// Districts and States are the caller's to keep; their order means nothing. Either may be empty for a PIN that is known:
// the Army Postal Service (9…) has addresses but no places, and of a hundred new PINs the directory has no district yet.
func (d *Directory) Pincode(ctx context.Context, pin string) (checkout.Pincode, error) {
	if err := ctx.Err(); err != nil {
		return checkout.Pincode{}, err
	}
	pin, ok := checkout.NormalizePIN(pin)
	if !ok {
		return checkout.Pincode{}, &checkout.InvalidError{Field: "postcode", Reason: "want six digits, such as 400001"}
	}
	number, err := strconv.ParseUint(pin, 10, 32)
	if err != nil {
		return checkout.Pincode{}, fmt.Errorf("pincode: %w", err) // not reached: NormalizePIN lets digits through only
	}
	e, known := d.table.Find(uint32(number))
	if !known {
		return checkout.Pincode{}, checkout.ErrUnknownPincode
	}
	return checkout.Pincode{PIN: pin, Districts: e.Districts, States: e.States, Deliverable: e.Deliverable}, nil
}
