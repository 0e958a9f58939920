package inventory

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

// Limits of a [ReserveRequest].
const (
	MaxIDLength    = 128
	MaxOwnerLength = 256
	MaxLines       = 200
	MaxLocations   = 64
	// MaxQuantity bounds one line, and lines of one item added up.
	MaxQuantity int64 = 1_000_000_000

	MinTTL     = time.Second
	MaxTTL     = 24 * time.Hour
	DefaultTTL = 15 * time.Minute

	// Remembered is how long past its expiry the id of a reservation that has
	// ended is still known.
	Remembered = time.Hour
)

// Normalize is how every Reserver reads a request: it checks all of it, adds up
// lines of one item in the order they first appear, and fills in TTL, Locations
// and Split where they are left out. The caller's slices are not touched. The
// error is an *InvalidError.
func (r ReserveRequest) Normalize() (ReserveRequest, error) {
	if err := CheckID(r.ID); err != nil {
		return r, err
	}
	if err := r.checkOwner(); err != nil {
		return r, err
	}
	if r.TTL == 0 {
		r.TTL = DefaultTTL
	}
	if err := CheckTTL(r.TTL); err != nil {
		return r, err
	}
	var err error
	if r.Lines, err = sumLines(r.Lines); err != nil {
		return r, err
	}
	if r.Locations, err = checkLocations(r.Locations); err != nil {
		return r, err
	}
	r.Split, err = checkSplit(r.Split)
	return r, err
}

// Fingerprint is the same for two requests if and only if they have the same
// owner and, after adding up, the same lines in whatever order. With the ID it
// tells a request sent again from one that clashes. The request must be
// normalized.
func (r ReserveRequest) Fingerprint() string {
	lines := slices.SortedFunc(slices.Values(r.Lines), func(a, b Line) int { return cmp.Compare(a.Item, b.Item) })
	h := sha256.New()
	fmt.Fprintf(h, "%q", r.Owner)
	for _, l := range lines {
		fmt.Fprintf(h, " %s=%d", l.Item, l.Quantity)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// CheckID returns an *InvalidError unless the id has the form of a reservation's
// id: 1 to MaxIDLength ASCII letters, digits and . _ ~ : -.
func CheckID(id string) error {
	if reason := idFault(id); reason != "" {
		return &InvalidError{Field: "id", Reason: reason}
	}
	return nil
}

// CheckTTL returns an *InvalidError unless ttl is between MinTTL and MaxTTL.
func CheckTTL(ttl time.Duration) error {
	if ttl < MinTTL || ttl > MaxTTL {
		return &InvalidError{Field: "ttl", Reason: fmt.Sprintf("must be between %s and %s", MinTTL, MaxTTL)}
	}
	return nil
}

func (r ReserveRequest) checkOwner() error {
	if r.Owner == "" {
		return &InvalidError{Field: "owner", Reason: "is missing"}
	}
	if reason := textFault(r.Owner, MaxOwnerLength); reason != "" {
		return &InvalidError{Field: "owner", Reason: reason}
	}
	if r.Replaces == "" {
		return nil
	}
	if reason := idFault(r.Replaces); reason != "" {
		return &InvalidError{Field: "replaces", Reason: reason}
	}
	if r.Replaces == r.ID {
		return &InvalidError{Field: "replaces", Reason: "is the request's own id"}
	}
	return nil
}

// sumLines checks lines and adds up those of one item, in the order they first
// appear.
func sumLines(lines []Line) ([]Line, error) {
	if len(lines) == 0 || len(lines) > MaxLines {
		return nil, &InvalidError{Field: "lines", Reason: fmt.Sprintf("must be 1 to %d", MaxLines)}
	}
	sums := make([]Line, 0, len(lines))
	at := make(map[Item]int, len(lines))
	for i, l := range lines {
		if err := l.check(); err != nil {
			return nil, inField(fmt.Sprintf("lines[%d]", i), err)
		}
		n, seen := at[l.Item]
		if !seen {
			at[l.Item] = len(sums)
			sums = append(sums, l)
			continue
		}
		sums[n].Quantity += l.Quantity // at most MaxLines × MaxQuantity: no overflow
		if sums[n].Quantity > MaxQuantity {
			return nil, &InvalidError{Field: fmt.Sprintf("lines[%d].quantity", i), Reason: "is too large together with the item's other lines"}
		}
	}
	return sums, nil
}

func (l Line) check() error {
	if reason := itemFault(string(l.Item)); reason != "" {
		return &InvalidError{Field: "item", Reason: reason}
	}
	switch {
	case l.Quantity < 0:
		return &InvalidError{Field: "quantity", Reason: "is negative"}
	case l.Quantity == 0:
		return &InvalidError{Field: "quantity", Reason: "is zero"}
	case l.Quantity > MaxQuantity:
		return &InvalidError{Field: "quantity", Reason: "is too large"}
	}
	return nil
}
