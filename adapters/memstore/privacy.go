package memstore

import "fmt"

// The stores hold what shoppers wrote. Printing one says how much it holds, and nothing of it.
var (
	_ fmt.Formatter = (*Carts)(nil)
	_ fmt.Formatter = (*Inbox)(nil)
	_ fmt.Formatter = (*Orders)(nil)
)

// Format implements fmt.Formatter.
func (s *Carts) Format(f fmt.State, _ rune) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = fmt.Fprintf(f, "%d carts in memory", len(s.byOwner))
}

// Format implements fmt.Formatter.
func (b *Inbox) Format(f fmt.State, _ rune) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, _ = fmt.Fprintf(f, "%d messages in memory", len(b.byKey))
}

// Format implements fmt.Formatter.
func (o *Orders) Format(f fmt.State, _ rune) {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, _ = fmt.Fprintf(f, "%d orders in memory", len(o.orders))
}
