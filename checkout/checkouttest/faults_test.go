package checkouttest_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/internal/suitetest"
	"github.com/ankkor/ankkor/inventory"
)

// stepped is a clock that moves when told; the tests call it from one goroutine at a time.
type stepped struct{ now time.Time }

func (c *stepped) Now() time.Time { return c.now }

// sound is a store without faults; a faulty one embeds it and spoils a method.
type sound struct {
	*memstore.Checkouts
	stock *memstore.Stock
	clock *stepped
}

func newSound() sound {
	clock := &stepped{now: time.Date(2026, 11, 8, 19, 0, 0, 0, time.UTC)}
	stock := memstore.NewStock(memstore.StockConfig{Now: clock.Now})
	return sound{memstore.NewCheckouts(stock), stock, clock}
}

func (s sound) harness(store checkout.Store) checkouttest.StoreHarness {
	return checkouttest.StoreHarness{
		Store: store, Receive: s.stock.Receive, Advance: func(d time.Duration) { s.clock.now = s.clock.now.Add(d) },
	}
}

// faulty spoils what it is given functions for.
type faulty struct {
	sound
	load   func(checkout.Record, error) (checkout.Record, error)
	commit func(context.Context, checkout.Change) (checkout.Committed, error)
	due    func(context.Context, int, time.Duration) ([]checkout.Claimed, error)
	box    func([]checkout.Event) []checkout.Event
}

func (f faulty) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	r, err := f.Checkouts.Load(ctx, id)
	if f.load != nil {
		return f.load(r, err)
	}
	return r, err
}

func (f faulty) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	if f.commit != nil {
		return f.commit(ctx, c)
	}
	return f.Checkouts.Commit(ctx, c)
}

func (f faulty) Due(ctx context.Context, limit int, lease time.Duration) ([]checkout.Claimed, error) {
	if f.due != nil {
		return f.due(ctx, limit, lease)
	}
	return f.Checkouts.Due(ctx, limit, lease)
}

func (f faulty) Pending(ctx context.Context, limit int) ([]checkout.Event, error) {
	events, err := f.Checkouts.Pending(ctx, limit)
	if f.box != nil {
		events = f.box(events)
	}
	return events, err
}

// latest makes a change on top of whatever is stored.
func latest(ctx context.Context, s sound, c checkout.Change) checkout.Change {
	if r, err := s.Checkouts.Load(ctx, c.Record.ID); err == nil {
		c.Record.Version = r.Version
	} else {
		c.Record.Version = 0
	}
	return c
}

func TestRunStoreRejects(t *testing.T) {
	faults := map[string]struct {
		promise string
		spoil   func(*faulty)
	}{
		"an absent record is an empty one": {"what is absent is ErrNotFound", func(f *faulty) {
			f.load = func(r checkout.Record, _ error) (checkout.Record, error) { return r, nil }
		}},
		"a part of the record is dropped": {"a record comes back as it was saved", func(f *faulty) {
			f.load = func(r checkout.Record, err error) (checkout.Record, error) { r.Refunds = nil; return r, err }
		}},
		"the last writer wins": {"a stale version is refused", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				return s.Commit(ctx, latest(ctx, s, c))
			}
		}},
		"what is kept is not written": {"what is kept stays", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				if c.Kept && c.Record.Version > 0 {
					c.Record.Lines = nil
				}
				return s.Commit(ctx, c)
			}
		}},
		"what was there is always kept": {"what is kept stays", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				if old, err := s.Load(ctx, c.Record.ID); err == nil {
					c.Record.Lines, c.Record.Quote = old.Lines, old.Quote
				}
				return s.Commit(ctx, c)
			}
		}},
		"what is made anew is thought to be kept": {"what is kept stays", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				if c.Kept {
					old, _ := s.Load(ctx, c.Record.ID)
					c.Record.Lines, c.Record.Quote = old.Lines, old.Quote
				}
				return s.Commit(ctx, c)
			}
		}},
		"a second creation replaces the first": {"an id is created once", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				if c.Record.Version == 0 {
					c = latest(ctx, s, c)
				}
				return s.Commit(ctx, c)
			}
		}},
		"references are not kept": {"a reference belongs to one checkout", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				c.Bind = nil
				return s.Commit(ctx, c)
			}
		}},
		"the holder may not bind again": {"a reference is bound again by its holder", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				for _, ref := range c.Bind {
					if id, err := s.Find(ctx, ref); err == nil {
						return checkout.Committed{}, &checkout.BoundError{Ref: ref, Holder: id}
					}
				}
				return s.Commit(ctx, c)
			}
		}},
		"references are never given back": {"only the holder gives a reference back", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				c.Unbind = nil
				return s.Commit(ctx, c)
			}
		}},
		"stock is moved afterwards, if it fits": {"stock that does not suffice refuses the change", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				moves := c.Stock
				c.Stock = nil
				done, err := s.Commit(ctx, c)
				if err == nil {
					done.Levels, _ = s.stock.Move(ctx, moves...)
				}
				return done, err
			}
		}},
		"stock is moved before the rest is checked": {"a refused change writes nothing", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				levels, err := s.stock.Move(ctx, c.Stock...)
				if err != nil {
					return checkout.Committed{}, err
				}
				c.Stock = nil
				done, err := s.Commit(ctx, c)
				done.Levels = levels
				return done, err
			}
		}},
		"levels are not told": {"levels that moved are reported", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				done, err := s.Commit(ctx, c)
				done.Levels = nil
				return done, err
			}
		}},
		"stock is checked, then taken": {"no more is allocated than there is", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				return checkThenAct(ctx, s, c)
			}
		}},
		"due in any order": {"due checkouts are claimed oldest first", func(f *faulty) {
			s := f.sound
			f.due = func(ctx context.Context, _ int, lease time.Duration) ([]checkout.Claimed, error) {
				claimed, err := s.Due(ctx, 1000, lease)
				slices.Reverse(claimed)
				return claimed, err
			}
		}},
		"a claim hides nothing": {"a claim hides a checkout for its lease", func(f *faulty) {
			s := f.sound
			f.due = func(ctx context.Context, limit int, _ time.Duration) ([]checkout.Claimed, error) {
				return s.Due(ctx, limit, 0)
			}
		}},
		"a claim never ends": {"a claim hides a checkout for its lease", func(f *faulty) {
			s := f.sound
			f.due = func(ctx context.Context, limit int, _ time.Duration) ([]checkout.Claimed, error) {
				return s.Due(ctx, limit, 1000*time.Hour)
			}
		}},
		"the outbox is unordered": {"the outbox keeps events in order", func(f *faulty) {
			f.box = func(events []checkout.Event) []checkout.Event { slices.Reverse(events); return events }
		}},
		"a done context is overlooked": {"a done context writes nothing", func(f *faulty) {
			s := f.sound
			f.commit = func(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
				return s.Commit(context.WithoutCancel(ctx), c)
			}
		}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunStore(t, func(*testing.T) checkouttest.StoreHarness {
					f := &faulty{sound: newSound()}
					fault.spoil(f)
					return f.harness(f)
				})
			})
		})
	}
}

// checkThenAct reads the level, lets others run, and then takes the pieces without looking again.
func checkThenAct(ctx context.Context, s sound, c checkout.Change) (checkout.Committed, error) {
	for _, m := range c.Stock {
		if err := roomFor(ctx, s, m); err != nil {
			return checkout.Committed{}, err
		}
	}
	c.Stock = nil
	return s.Commit(ctx, c)
}

func roomFor(ctx context.Context, s sound, m inventory.Move) error {
	for _, l := range m.Lines {
		levels, err := s.stock.Levels(ctx, []inventory.Item{l.Key.Item})
		if err != nil {
			return err
		}
		if len(levels) == 0 || levels[0].Available() < l.Quantity {
			return &inventory.ShortageError{Lines: []inventory.Shortage{{Item: l.Key.Item, Want: l.Quantity}}}
		}
	}
	return nil
}

// spoiledOrders is a book of orders with one fault.
type spoiledOrders struct {
	*memstore.Orders
	create   func(context.Context, checkout.OrderRequest) (checkout.StoreOrder, error)
	find     func([]checkout.StoreOrder) []checkout.StoreOrder
	complete func(checkout.StoreOrder) checkout.StoreOrder
	cancel   func(checkout.StoreOrder, error) (checkout.StoreOrder, error)
}

func (o spoiledOrders) CreatePending(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
	if o.create != nil {
		return o.create(ctx, req)
	}
	return o.Orders.CreatePending(ctx, req)
}

func (o spoiledOrders) FindOrder(ctx context.Context, token string) ([]checkout.StoreOrder, error) {
	found, err := o.Orders.FindOrder(ctx, token)
	if o.find != nil {
		found = o.find(found)
	}
	return found, err
}

func (o spoiledOrders) Complete(ctx context.Context, id int64, how checkout.Completion) (checkout.StoreOrder, error) {
	order, err := o.Orders.Complete(ctx, id, how)
	if o.complete != nil && err == nil {
		order = o.complete(order)
	}
	return order, err
}

func (o spoiledOrders) Cancel(ctx context.Context, id int64) (checkout.StoreOrder, error) {
	order, err := o.Orders.Cancel(ctx, id)
	if o.cancel != nil {
		return o.cancel(order, err)
	}
	return order, err
}

func TestRunOrderCreatorRejects(t *testing.T) {
	faults := map[string]struct {
		promise string
		spoil   func(*spoiledOrders)
	}{
		"the order is created paid": {"a created order is pending", func(o *spoiledOrders) {
			orders := o.Orders
			o.create = func(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
				made, err := orders.CreatePending(ctx, req)
				if err != nil {
					return made, err
				}
				return orders.Complete(ctx, made.ID, checkout.Completion{Paid: true, TransactionID: req.Token})
			}
		}},
		"lines are rounded to paise": {"a created order equals the quote", func(o *spoiledOrders) {
			orders := o.Orders
			o.create = func(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
				req.Quote.Lines = slices.Clone(req.Quote.Lines)
				for i, l := range req.Quote.Lines {
					req.Quote.Lines[i].Total = l.Total.Round(2)
				}
				return orders.CreatePending(ctx, req)
			}
		}},
		"nothing found is an empty list": {"a token without orders finds none", func(o *spoiledOrders) {
			o.find = func(found []checkout.StoreOrder) []checkout.StoreOrder {
				return append([]checkout.StoreOrder{}, found...)
			}
		}},
		"only the newest is found": {"twins are found, oldest first", func(o *spoiledOrders) {
			o.find = func(found []checkout.StoreOrder) []checkout.StoreOrder { return found[max(0, len(found)-1):] }
		}},
		"the trash is not searched": {"a cancelled pending order lies in the trash", func(o *spoiledOrders) {
			o.find = func(found []checkout.StoreOrder) []checkout.StoreOrder {
				return slices.DeleteFunc(found, checkout.StoreOrder.Trashed)
			}
		}},
		"completed orders lose the token": {"a completed order is still found", func(o *spoiledOrders) {
			o.find = func(found []checkout.StoreOrder) []checkout.StoreOrder {
				return slices.DeleteFunc(found, checkout.StoreOrder.Effective)
			}
		}},
		"acknowledged is taken for subtracted": {"a paid order takes effect", func(o *spoiledOrders) {
			o.complete = func(order checkout.StoreOrder) checkout.StoreOrder {
				for i := range order.Lines {
					order.Lines[i].Reduced = 0
				}
				return order
			}
		}},
		"completing again subtracts again": {"completing twice has one effect", func(o *spoiledOrders) {
			calls := int64(0)
			o.complete = func(order checkout.StoreOrder) checkout.StoreOrder {
				calls++
				for i := range order.Lines {
					order.Lines[i].Reduced *= calls
				}
				return order
			}
		}},
		"cancelling again is an error": {"cancelling twice is no error", func(o *spoiledOrders) {
			calls := 0
			o.cancel = func(order checkout.StoreOrder, err error) (checkout.StoreOrder, error) {
				if calls++; calls > 1 {
					return order, checkout.ErrRefused
				}
				return order, err
			}
		}},
		"a trashed order is revived": {"a trashed order is not revived", func(o *spoiledOrders) {
			o.complete = func(order checkout.StoreOrder) checkout.StoreOrder {
				order.Status = "processing"
				for i := range order.Lines {
					order.Lines[i].Reduced = order.Lines[i].Quantity
				}
				return order
			}
		}},
		"a done context is unknown": {"a done context is unavailable", func(o *spoiledOrders) {
			orders := o.Orders
			o.create = func(ctx context.Context, req checkout.OrderRequest) (checkout.StoreOrder, error) {
				if ctx.Err() != nil {
					return checkout.StoreOrder{}, errors.Join(checkout.ErrUnknown, ctx.Err())
				}
				return orders.CreatePending(ctx, req)
			}
		}},
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			suitetest.Rejects(t, fault.promise, func(t *testing.T) {
				checkouttest.RunOrderCreator(t, func(*testing.T) checkouttest.OrderHarness {
					o := &spoiledOrders{Orders: memstore.NewOrders(nil)}
					fault.spoil(o)
					return checkouttest.OrderHarness{Orders: o, Request: request()}
				})
			})
		})
	}
}
