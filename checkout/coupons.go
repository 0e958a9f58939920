package checkout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/pricing/quote"
)

// ErrCouponSpent says that the last use of a coupon, or the customer's last, was taken; *CouponSpentError names it.
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

// couponUses are the claims a quote makes on coupons with a usage limit, of all customers together or of each. How many
// uses are left is told to whoever keeps levels and does not know yet; what they know already stays.
//
// A customer's uses are counted anew, from what the store of record has counted, when the limit for each is changed: the
// level of another limit is another one. An order that the store has not counted at that moment is not in it. The uses of
// all customers together are not: they go on under the coupon's own name, where staff see them, since with all that is
// sold and not counted yet at any moment a fresh count would sell many uses twice. Whoever changes that limit in
// WooCommerce after the first use moves the level by the difference (inventory.Receive, inventory.Adjust).
func (s *Service) couponUses(ctx context.Context, r Record, q quote.Quote) ([]inventory.Held, error) {
	if len(q.Coupons) == 0 {
		return nil, nil
	}
	rules, err := s.config.Rules.Rules(ctx)
	if err != nil {
		return nil, err
	}
	var uses []inventory.Held
	var levels []inventory.Level
	claim := func(item inventory.Item, limit, used int64) {
		if limit <= 0 {
			return
		}
		key := item.At(inventory.DefaultLocation)
		uses = append(uses, inventory.Held{Key: key, Quantity: 1})
		levels = append(levels, inventory.Level{Key: key, OnHand: max(0, limit-used), Policy: inventory.Deny})
	}
	who := r.couponUser()
	for _, used := range q.Coupons {
		c := rules.Coupons[used.Code]
		claim(inventory.CouponItem(used.Code), c.UsageLimit, c.UsageCount)
		if who != "" { // else there is nobody to count it for, as in the store
			claim(inventory.CustomerCouponItem(used.Code, who, c.UsageLimitPerUser), c.UsageLimitPerUser, timesUsed(c, who))
		}
	}
	return uses, s.tellLevels(ctx, levels)
}

// couponUser is whom a use of a coupon is counted for: the customer's id, or a guest's e-mail address
// (WooCommerce: wc_update_coupon_usage_counts).
func (r Record) couponUser() string {
	if r.CustomerID != 0 {
		return strconv.FormatInt(r.CustomerID, 10)
	}
	return strings.ToLower(r.Billing.Email)
}

// timesUsed is how often the store has counted the coupon as used by somebody.
func timesUsed(c quote.Coupon, who string) int64 {
	n := int64(0)
	for _, by := range c.UsedBy {
		if strings.EqualFold(by, who) {
			n++
		}
	}
	return n
}

// tellLevels tells a Store that keeps levels, and the Reserver, about keys they do not know.
func (s *Service) tellLevels(ctx context.Context, levels []inventory.Level) error {
	books, keeps := s.config.Store.(inventory.Levels)
	if keeps && len(levels) > 0 {
		if err := books.SetLevels(ctx, levels); err != nil {
			return fmt.Errorf("checkout: telling a coupon's uses: %w", err)
		}
		levels = forReserver(levels)
	}
	if known, ok := s.config.Reserver.(inventory.Levels); ok && len(levels) > 0 {
		if err := known.SetLevels(ctx, levels); err != nil {
			return fmt.Errorf("checkout: telling the reserver a coupon's uses: %w", err)
		}
	}
	return nil
}

// forReserver leaves customers' uses of coupons out of what the Store knows: nobody reserves them, and there is one for
// every customer. What all customers together have left is for whoever asks Service.Levels.
func forReserver(levels []inventory.Level) []inventory.Level {
	each := func(l inventory.Level) bool { return l.Key.Item.CustomerCoupon() }
	if !slices.ContainsFunc(levels, each) {
		return levels
	}
	return slices.DeleteFunc(slices.Clone(levels), each)
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

// spentCoupon finds the coupon whose last use, or the customer's last, was gone, if that is what a shortage is about.
func spentCoupon(err error, r Record, q quote.Quote) error {
	var short *inventory.ShortageError
	if !errors.As(err, &short) {
		return nil
	}
	for _, l := range short.Lines {
		for _, c := range q.Coupons {
			if l.Item.CouponOf(c.Code, r.couponUser()) {
				return &CouponSpentError{Code: c.Code}
			}
		}
	}
	return nil
}
