package memstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/ankkor/ankkor/checkout"
)

// Rulebook is a [checkout.Rulebook] that says what it was told. The zero value was told nothing and is unavailable.
type Rulebook struct {
	current atomic.Pointer[checkout.Rules]
}

var _ checkout.Rulebook = (*Rulebook)(nil)

// NewRulebook returns a rulebook with these rules.
func NewRulebook(rules checkout.Rules) (*Rulebook, error) {
	b := &Rulebook{}
	return b, b.Set(rules)
}

// Set replaces the rules. A version that is empty becomes a digest of what they say. The maps and slices of the rules
// are shared with the caller from then on, who must not change them.
func (b *Rulebook) Set(rules checkout.Rules) error {
	if rules.Version == "" {
		at := rules.At
		rules.At = time.Time{}
		body, err := json.Marshal(rules)
		if err != nil {
			return fmt.Errorf("memstore: rules cannot be written down: %w", err)
		}
		sum := sha256.Sum256(body)
		rules.Version, rules.At = hex.EncodeToString(sum[:8]), at
	}
	b.current.Store(&rules)
	return nil
}

// Rules implements [checkout.Rulebook].
func (b *Rulebook) Rules(ctx context.Context) (checkout.Rules, error) {
	if err := ctx.Err(); err != nil {
		return checkout.Rules{}, fmt.Errorf("memstore: reading the rules: %w", err)
	}
	rules := b.current.Load()
	if rules == nil {
		return checkout.Rules{}, fmt.Errorf("%w: memstore: the rulebook was told no rules", checkout.ErrUnavailable)
	}
	return *rules, nil
}
