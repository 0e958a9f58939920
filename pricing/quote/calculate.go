package quote

// Calculate computes the order WooCommerce makes of in. It is pure: equal input gives an equal quote.
//
// It returns an *InvalidError (errors.Is ErrInvalid) that names the field for input that cannot be true, and an
// *UnsupportedError (errors.Is ErrUnsupported) for what it cannot compute exactly. It never panics and may be
// called from any number of goroutines.
func Calculate(in Input) (Quote, error) {
	return Quote{}, &UnsupportedError{Feature: "calculation"}
}

// Hash returns a digest of everything in the quote that is charged or promised: SHA-256 in hexadecimal over a
// canonical form. At, Trace and Cart are not covered.
func (q Quote) Hash() string { return "" }

// Difference is what changed from one quote to another.
type Difference struct{}

// Empty says that nothing changed.
func (d Difference) Empty() bool { return true }

// Compare tells what changed from old to new.
func Compare(old, new Quote) Difference { return Difference{} }
