package pricing

// Split divides into n parts that differ by at most one minor unit and add
// up to m: the first parts are the larger ones. n is 1 to 65,536.
func (m Money) Split(n int) ([]Money, error) {
	if n < 1 || n > maxParts {
		return nil, invalid("parts", "want 1 to 65536")
	}
	parts := make([]Money, n)
	each, rest := m.minor/int64(n), m.minor%int64(n)
	step := int64(1)
	if rest < 0 {
		step, rest = -1, -rest
	}
	for i := range parts {
		parts[i] = Money{each, m.currency}
		if int64(i) < rest {
			parts[i].minor += step
		}
	}
	return parts, nil
}

const maxParts = 1 << 16

// Prorate divides in proportion to weights, largest remainder first.
func (m Money) Prorate(weights []int64) ([]Money, error) {
	return nil, invalid("weights", "not divided yet")
}
