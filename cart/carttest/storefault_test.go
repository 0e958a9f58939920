package carttest_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"time"

	"github.com/ankkor/ankkor/cart"
)

// storeFault is a fault and the promise it breaks.
type storeFault struct {
	promise string
	fault   faulty
}

func storeFaults() map[string]storeFault {
	return map[string]storeFault{
		"checks, then acts":          {"of many saves over one version one wins", faulty{save: checkThenAct}},
		"checks, then makes":         {"of many first saves one wins", faulty{save: checkThenAct}},
		"the last writer wins":       {"a stale save is a conflict", faulty{save: lastWins}},
		"absent is empty":            {"an owner without a cart is not found", faulty{load: absentIsEmpty}},
		"loses the version":          {"every save counts the version up by one", faulty{save: losesVersion}},
		"trusts the cart's version":  {"the version inside the cart does not matter", faulty{save: trustsVersion}},
		"writes in spite of all":     {"a conflict writes nothing", faulty{save: writesAnyway}},
		"a conflict without a cart":  {"a stale save is a conflict that carries the current cart", faulty{save: bareConflict}},
		"makes what was expected":    {"a save that expects a cart does not make one", faulty{save: upserts}},
		"looks at no id":             {"a cart made anew is not overwritten", faulty{save: ignoresID}},
		"keeps the caller's memory":  {"the cart that was saved shares no memory", faulty{save: keepsArgument}},
		"hands out its memory":       {"the cart that is loaded shares no memory", faulty{load: handsOut}},
		"answers with its memory":    {"the cart that is answered shares no memory", faulty{save: answersOwn}},
		"conflicts with its memory":  {"the cart of a conflict shares no memory", faulty{save: conflictsOwn}},
		"writes into the argument":   {"the cart that is saved is left alone", faulty{save: writesArgument}},
		"answers the argument":       {"the answer is the cart as stored", faulty{save: answersArgument}},
		"forgets the change ids":     {"a cart is loaded as it was saved", faulty{save: forgets(func(c *cart.Cart) { c.Applied = nil })}},
		"forgets the move":           {"a cart is loaded as it was saved", faulty{save: forgets(func(c *cart.Cart) { c.Moved = nil })}},
		"cuts times to seconds":      {"a cart is loaded as it was saved", faulty{save: forgets(cutTimes)}},
		"sorts the coupons":          {"a cart is loaded as it was saved", faulty{save: forgets(swapCoupons)}},
		"an emptied cart is deleted": {"an emptied cart is a cart", faulty{save: deletesEmpty}},
		"owners regardless of case":  {"owners are kept apart", folding(strings.ToLower)},
		"owners cut short":           {"owners are kept apart", folding(func(s string) string { return s[:min(len(s), 64)] })},
		"all owners are one":         {"deleting leaves other owners alone", folding(func(string) string { return "one" })},
		"deleting the absent fails":  {"deleting what is not there is no error", faulty{remove: deleteFails}},
		"deletes nothing":            {"a deleted cart is not found", faulty{remove: deletesNothing}},
		"deletes by prefix":          {"deleting leaves other owners alone", faulty{remove: deletesPrefix}},
		"writes after the end":       {"an ended context writes nothing", faulty{save: withoutContext}},
		"reads after the end":        {"an ended context reads nothing", faulty{load: readsOn}},
		"tears a cart":               {"a reader sees whole carts", faulty{load: torn}},
	}
}

// checkThenAct has a lock for the check and a lock for the act.
func checkThenAct(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	s.mu.Lock()
	err := s.judge(ctx, c, expected)
	s.mu.Unlock()
	if err != nil {
		return cart.Cart{}, err
	}
	runtime.Gosched()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(c, expected+1), nil
}

func lastWins(s *shelves, _ context.Context, c cart.Cart, _ int64) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(c, s.carts[c.Owner].Version+1), nil
}

func absentIsEmpty(s *shelves, ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	c, err := s.Load(ctx, owner)
	if errors.Is(err, cart.ErrNotFound) {
		return cart.Cart{Owner: owner}, nil
	}
	return c, err
}

// losesVersion stops counting at 2.
func losesVersion(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.judge(ctx, c, expected); err != nil {
		return cart.Cart{}, err
	}
	return s.put(c, min(expected+1, 2)), nil
}

func trustsVersion(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.judge(ctx, c, expected); err != nil {
		return cart.Cart{}, err
	}
	return s.put(c, max(c.Version, expected)+1), nil
}

func writesAnyway(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.judge(ctx, c, expected)
	var lost *cart.ConflictError
	if errors.As(err, &lost) && lost.Current.Version > 0 {
		s.put(c, lost.Current.Version)
	}
	if err != nil {
		return cart.Cart{}, err
	}
	return s.put(c, expected+1), nil
}

func bareConflict(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	saved, err := s.Save(ctx, c, expected)
	if errors.Is(err, cart.ErrConflict) {
		return cart.Cart{}, &cart.ConflictError{}
	}
	return saved, err
}

func upserts(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.carts[c.Owner]; !ok {
		return s.put(c, expected+1), nil
	}
	if err := s.judge(ctx, c, expected); err != nil {
		return cart.Cart{}, err
	}
	return s.put(c, expected+1), nil
}

func ignoresID(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := c
	if stored, ok := s.carts[c.Owner]; ok {
		asked.ID = stored.ID
	}
	if err := s.judge(ctx, asked, expected); err != nil {
		return cart.Cart{}, err
	}
	return s.put(c, expected+1), nil
}

func keepsArgument(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	saved, err := s.Save(ctx, c, expected)
	if err == nil {
		c.Version = saved.Version
		s.mu.Lock()
		defer s.mu.Unlock()
		s.carts[c.Owner] = c
	}
	return saved, err
}

func handsOut(s *shelves, ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	if _, err := s.Load(ctx, owner); err != nil {
		return cart.Cart{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.carts[owner], nil
}

func answersOwn(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	if _, err := s.Save(ctx, c, expected); err != nil {
		return cart.Cart{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.carts[c.Owner], nil
}

func conflictsOwn(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	saved, err := s.Save(ctx, c, expected)
	if errors.Is(err, cart.ErrConflict) {
		s.mu.Lock()
		defer s.mu.Unlock()
		current := s.carts[c.Owner]
		current.Owner = c.Owner
		return cart.Cart{}, &cart.ConflictError{Current: current}
	}
	return saved, err
}

func writesArgument(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	saved, err := s.Save(ctx, c, expected)
	for i := range c.Lines {
		c.Lines[i].AddedAt = time.Time{}
	}
	return saved, err
}

func answersArgument(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	saved, err := s.Save(ctx, c, expected)
	if err == nil {
		answer := c.Clone()
		answer.Version = min(saved.Version, 1)
		return answer, nil
	}
	return saved, err
}

// forgets changes what is stored.
func forgets(forget func(*cart.Cart)) func(*shelves, context.Context, cart.Cart, int64) (cart.Cart, error) {
	return func(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
		c = c.Clone()
		forget(&c)
		return s.Save(ctx, c, expected)
	}
}

func cutTimes(c *cart.Cart) { c.UpdatedAt = c.UpdatedAt.Truncate(time.Second) }

func swapCoupons(c *cart.Cart) {
	if len(c.Coupons) > 1 && c.Coupons[0] > c.Coupons[1] {
		c.Coupons[0], c.Coupons[1] = c.Coupons[1], c.Coupons[0]
	}
}

func deletesEmpty(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	saved, err := s.Save(ctx, c, expected)
	if err == nil && saved.IsEmpty() {
		return saved, s.Delete(ctx, c.Owner)
	}
	return saved, err
}

// folding takes different owners for one.
func folding(fold func(string) string) faulty {
	one := func(o cart.Owner) cart.Owner { return cart.Owner(fold(string(o))) }
	return faulty{
		load: func(s *shelves, ctx context.Context, owner cart.Owner) (cart.Cart, error) {
			c, err := s.Load(ctx, one(owner))
			c.Owner = owner
			return c, err
		},
		save: func(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
			folded := c
			folded.Owner = one(c.Owner)
			saved, err := s.Save(ctx, folded, expected)
			saved.Owner = c.Owner
			return saved, err
		},
		remove: func(s *shelves, ctx context.Context, owner cart.Owner) error { return s.Delete(ctx, one(owner)) },
	}
}

func deleteFails(s *shelves, ctx context.Context, owner cart.Owner) error {
	if _, err := s.Load(ctx, owner); err != nil {
		return err
	}
	return s.Delete(ctx, owner)
}

func deletesNothing(*shelves, context.Context, cart.Owner) error { return nil }

func deletesPrefix(s *shelves, _ context.Context, owner cart.Owner) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for o := range s.carts {
		if strings.HasPrefix(string(o), string(owner)) {
			delete(s.carts, o)
		}
	}
	return nil
}

func withoutContext(s *shelves, ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	return s.Save(context.WithoutCancel(ctx), c, expected)
}

func readsOn(s *shelves, ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	return s.Load(context.WithoutCancel(ctx), owner)
}

// torn reads the coupons first and everything else later.
func torn(s *shelves, ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	first, err := s.Load(ctx, owner)
	if err != nil {
		return first, err
	}
	runtime.Gosched()
	c, err := s.Load(ctx, owner)
	c.Coupons = first.Coupons
	return c, err
}
