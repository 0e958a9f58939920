package cart

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// DefaultAttempts is how often a change is tried against other writers before it gives up. Each lost attempt means
// that another writer of the same cart has won, so that many writers at a time lose nothing.
const DefaultAttempts = 256

// Config is what a [Service] needs. Store and Catalog must be set.
type Config struct {
	Store   Store
	Catalog Catalog
	// Limits caps what a cart can hold; the zero value means the defaults.
	Limits Limits
	// Now is the clock for AddedAt and UpdatedAt; time.Now when nil.
	Now func() time.Time
	// Attempts is how often a change is tried when other writers are faster; [DefaultAttempts] when 0.
	Attempts int
}

// Service changes and shows carts by the rules of this package. It is safe for concurrent use, in one process and in
// many: it keeps nothing in memory between calls, and a change is saved only over the cart that it was made to.
//
// Every method takes the owner whose cart it is about, and fails with an [*InvalidError] for an owner that
// [Owner.Validate] refuses. An error of the store or the catalogue is wrapped; unless it says otherwise, whether the
// change was saved is then unknown, and a change with an ID can be sent again.
type Service struct {
	store    Store
	catalog  Catalog
	limits   Limits
	now      func() time.Time
	attempts int
}

// NewService checks the configuration and reports all mistakes at once, each an [*InvalidError].
func NewService(c Config) (*Service, error) {
	var problems []error
	if c.Store == nil {
		problems = append(problems, invalid("Store", "is nil"))
	}
	if c.Catalog == nil {
		problems = append(problems, invalid("Catalog", "is nil"))
	}
	if c.Attempts < 0 {
		problems = append(problems, invalid("Attempts", "is negative"))
	}
	if err := c.Limits.Validate(); err != nil {
		problems = append(problems, within("Limits", err))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	s := &Service{store: c.Store, catalog: c.Catalog, limits: c.Limits, now: c.Now, attempts: c.Attempts}
	if s.now == nil {
		s.now = time.Now
	}
	if s.attempts == 0 {
		s.attempts = DefaultAttempts
	}
	return s, nil
}

// View shows the owner's cart with names, prices and stock as the catalogue has them now. Nothing is written: lines
// that are not for sale any more are reported at each View until a change takes them out. An owner without a
// cart has an empty one.
func (s *Service) View(ctx context.Context, owner Owner) (View, error) {
	c, err := s.load(ctx, owner)
	if err != nil {
		return View{}, err
	}
	items := shelf{}
	if err := items.fetch(ctx, s.catalog, c.Lines); err != nil {
		return View{}, err
	}
	return look(c, items)
}

// load returns the owner's cart; a move that was interrupted is finished first.
func (s *Service) load(ctx context.Context, owner Owner) (Cart, error) {
	c, err := s.loadAsIs(ctx, owner)
	if err != nil || c.Moved == nil {
		return c, err
	}
	return s.finishMove(ctx, c)
}

// loadAsIs returns the owner's cart, an empty one with version 0 if there is none.
func (s *Service) loadAsIs(ctx context.Context, owner Owner) (Cart, error) {
	if err := owner.Validate(); err != nil {
		return Cart{}, err
	}
	if err := ctx.Err(); err != nil {
		return Cart{}, fmt.Errorf("load cart: %w", err)
	}
	c, err := s.store.Load(ctx, owner)
	switch {
	case errors.Is(err, ErrNotFound):
		return Cart{Owner: owner}, nil
	case err != nil:
		return Cart{}, fmt.Errorf("load cart: %w", err)
	}
	return c, nil
}

// clock is the time as it survives every store.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

func newID() string { return rand.Text() }
