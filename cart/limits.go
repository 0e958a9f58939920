package cart

// The defaults and the widest settings of [Limits].
const (
	DefaultMaxLines    = 200
	DefaultMaxQuantity = 9999 // WooCommerce: QuantityLimits of the Store API
	DefaultMaxCoupons  = 10

	widestLines    = 1000
	widestQuantity = 1_000_000_000
	widestCoupons  = 100
)

// Limits caps what a cart can hold. The zero value means the defaults.
type Limits struct {
	MaxLines    int   // lines of a cart, 1 to 1000
	MaxQuantity int64 // pieces of a line, 1 to 1,000,000,000
	MaxCoupons  int   // 1 to 100
	// Caps are lower caps of single lines, for example 1 for an item that is sold individually. [Service] sets
	// them from the catalogue.
	Caps map[LineKey]int64
}

// cap is the most pieces of one line.
func (l Limits) lineCap(key LineKey) int64 {
	if n, ok := l.Caps[key]; ok && n < l.quantity() {
		return n
	}
	return l.quantity()
}

func (l Limits) lines() int {
	if l.MaxLines == 0 {
		return DefaultMaxLines
	}
	return l.MaxLines
}

func (l Limits) quantity() int64 {
	if l.MaxQuantity == 0 {
		return DefaultMaxQuantity
	}
	return l.MaxQuantity
}

func (l Limits) coupons() int {
	if l.MaxCoupons == 0 {
		return DefaultMaxCoupons
	}
	return l.MaxCoupons
}

// Validate reports limits outside their range as an [*InvalidError] that names the field.
func (l Limits) Validate() error {
	switch {
	case l.lines() < 1 || l.lines() > widestLines:
		return invalid("MaxLines", "is not within 1 and 1000")
	case l.quantity() < 1 || l.quantity() > widestQuantity:
		return invalid("MaxQuantity", "is not within 1 and 1000000000")
	case l.coupons() < 1 || l.coupons() > widestCoupons:
		return invalid("MaxCoupons", "is not within 1 and 100")
	}
	for _, n := range l.Caps {
		if n < 1 {
			return invalid("Caps", "holds a cap below 1")
		}
	}
	return nil
}
