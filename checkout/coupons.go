package checkout

import (
	"context"
	"errors"
	"fmt"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing/quote"
)

// ErrCouponSpent says that somebody else took the last use of a coupon; *CouponSpentError names it.
var ErrCouponSpent = errors.New("checkout: the coupon is used up")

// CouponSpentError names a coupon that has no use left.
type CouponSpentError struct{ Code string }

// Error implements error.
func (e *CouponSpentError) Error() string {
	return fmt.Sprintf("checkout: coupon %q is used up; quote again without it", e.Code)
}

// Is makes errors.Is(err, ErrCouponSpent) true.
func (e *CouponSpentError) Is(target error) bool { return target == ErrCouponSpent }

// CouponClaim is the uses of limited coupons that a placement took. A use is claimed like a piece of stock: two shoppers
// can never both be promised the last one.
type CouponClaim struct {
	Uses  []inventory.Held `json:"uses,omitempty"`
	State StockState       `json:"state,omitempty"`
}

// couponUses are the claims a quote makes on coupons with a usage limit. How many uses are left is told to whoever keeps
// levels and does not know yet; what they know already stays.
func (s *Service) couponUses(ctx context.Context, q quote.Quote) ([]inventory.Held, error) {
	if len(q.Coupons) == 0 {
		return nil, nil
	}
	rules, err := s.config.Rules.Rules(ctx)
	if err != nil {
		return nil, err
	}
	var uses []inventory.Held
	var levels []inventory.Level
	for _, used := range q.Coupons {
		c := rules.Coupons[used.Code]
		if c.UsageLimit <= 0 {
			continue
		}
		key := inventory.CouponItem(used.Code).At(inventory.DefaultLocation)
		uses = append(uses, inventory.Held{Key: key, Quantity: 1})
		levels = append(levels, inventory.Level{Key: key, OnHand: max(0, c.UsageLimit-c.UsageCount), Policy: inventory.Deny})
	}
	return uses, s.tellLevels(ctx, levels)
}

// tellLevels tells a Store that keeps levels, and the Reserver, about keys they do not know.
func (s *Service) tellLevels(ctx context.Context, levels []inventory.Level) error {
	if len(levels) == 0 {
		return nil
	}
	for _, keeper := range []any{s.config.Store, s.config.Reserver} {
		if known, ok := keeper.(inventory.Levels); ok {
			if err := known.SetLevels(ctx, levels); err != nil {
				return fmt.Errorf("checkout: telling a coupon's uses: %w", err)
			}
		}
	}
	return nil
}

// claimUses takes the uses together with the placement.
func (d *draft) claimUses(uses []inventory.Held, reason string) {
	if len(uses) == 0 {
		return
	}
	d.CouponClaim = CouponClaim{Uses: uses, State: StockAllocated}
	d.move(inventory.Allocate, uses, reason)
}

// endUses lets claimed uses go, or counts them as used.
func (d *draft) endUses(kind inventory.MoveKind, state StockState, reason string) {
	if d.CouponClaim.State != StockAllocated {
		return
	}
	d.CouponClaim.State = state
	d.move(kind, d.CouponClaim.Uses, reason)
}

// spentCoupon finds the coupon whose last use was gone, if that is what a shortage is about.
func spentCoupon(err error, q quote.Quote) error {
	var short *inventory.ShortageError
	if !errors.As(err, &short) {
		return nil
	}
	for _, l := range short.Lines {
		for _, c := range q.Coupons {
			if l.Item == inventory.CouponItem(c.Code) {
				return &CouponSpentError{Code: c.Code}
			}
		}
	}
	return nil
}
