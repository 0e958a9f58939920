package cart

// Owner is the opaque name of whoever a cart belongs to. The host decides it: the package auth offers
// "guest:…" and "customer:…". It is a secret towards other shoppers in so far as whoever the host lets act
// as this owner has the cart; the cart never shows it to a browser (see [Local]).
type Owner string

// MaxOwner is the longest owner, in bytes.
const MaxOwner = 200

// Validate reports an owner that no store should have to cope with: empty, longer than [MaxOwner], or
// holding anything but visible ASCII characters. The error is an [*InvalidError] of the field "owner".
func (o Owner) Validate() error {
	switch {
	case o == "":
		return invalid("owner", "is empty")
	case len(o) > MaxOwner:
		return invalid("owner", "is longer than 200 bytes")
	}
	for i := range len(o) {
		if o[i] <= ' ' || o[i] > '~' {
			return invalid("owner", "holds something else than visible ASCII characters")
		}
	}
	return nil
}
