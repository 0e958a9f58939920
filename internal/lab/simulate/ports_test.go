package simulate_test

import (
	"context"
	"slices"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/inventory"
)

// storePort is the database as a process sees it. What is loaded may be a moment old.
type storePort struct{ w *world }

func (p storePort) Load(ctx context.Context, id checkout.ID) (checkout.Record, error) {
	p.w.sleep(ctx, 0)
	old, stale := checkout.Record{}, false
	if p.w.faults > 0 && p.w.chance(2) {
		r, err := p.w.records.Load(ctx, id)
		old, stale = r, err == nil
	}
	return touch(ctx, p.w, "load", may{failures: storage}, func(ctx context.Context) (checkout.Record, error) {
		if stale {
			return old, nil
		}
		return p.w.records.Load(ctx, id)
	})
}

func (p storePort) Find(ctx context.Context, ref checkout.Ref) (checkout.ID, error) {
	return touch(ctx, p.w, "find", may{failures: storage}, func(ctx context.Context) (checkout.ID, error) { return p.w.records.Find(ctx, ref) })
}

func (p storePort) Commit(ctx context.Context, c checkout.Change) (checkout.Committed, error) {
	return touch(ctx, p.w, "commit", may{failures: storage}, func(ctx context.Context) (checkout.Committed, error) {
		done, err := p.w.records.Commit(ctx, p.w.sabotage.commit(ctx, p.w, c))
		p.w.watch.committed(ctx, c, done, err)
		return done, err
	})
}

func (p storePort) Due(ctx context.Context, limit int, lease time.Duration) ([]checkout.Claimed, error) {
	if p.w.sabotage.neverDue {
		return nil, nil
	}
	return touch(ctx, p.w, "due", may{failures: storage}, func(ctx context.Context) ([]checkout.Claimed, error) { return p.w.records.Due(ctx, limit, lease) })
}

func (p storePort) Pending(ctx context.Context, limit int) ([]checkout.Event, error) {
	return touch(ctx, p.w, "outbox", may{failures: storage}, func(ctx context.Context) ([]checkout.Event, error) { return p.w.records.Pending(ctx, limit) })
}

func (p storePort) Acknowledge(ctx context.Context, ids ...string) error {
	return void(ctx, p.w, "acknowledge", may{failures: storage}, func(ctx context.Context) error { return p.w.records.Acknowledge(ctx, ids...) })
}

func (p storePort) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return touch(ctx, p.w, "levels", may{failures: storage}, func(ctx context.Context) ([]inventory.Level, error) { return p.w.books.Levels(ctx, items) })
}

func (p storePort) SetLevels(ctx context.Context, levels []inventory.Level) error {
	return void(ctx, p.w, "set levels", may{failures: storage, twice: true}, func(ctx context.Context) error { return p.w.books.SetLevels(ctx, levels) })
}

// void is touch for a call that answers nothing.
func void(ctx context.Context, w *world, name string, m may, do func(context.Context) error) error {
	_, err := touch(ctx, w, name, m, func(ctx context.Context) (struct{}, error) { return struct{}{}, do(ctx) })
	return err
}

// shelfPort is the cache that keeps reservations.
type shelfPort struct{ w *world }

func (p shelfPort) Reserve(ctx context.Context, r inventory.ReserveRequest) (inventory.Reservation, error) {
	return touch(ctx, p.w, "reserve", may{failures: storage, twice: true}, func(ctx context.Context) (inventory.Reservation, error) {
		return p.w.watch.reserved(p.w.shelf.Reserve(ctx, r))
	})
}

func (p shelfPort) Extend(ctx context.Context, id string, ttl time.Duration) (inventory.Reservation, error) {
	return touch(ctx, p.w, "extend", may{failures: storage, twice: true}, func(ctx context.Context) (inventory.Reservation, error) {
		return p.w.watch.reserved(p.w.shelf.Extend(ctx, id, ttl))
	})
}

func (p shelfPort) Release(ctx context.Context, id string) (inventory.Reservation, error) {
	return touch(ctx, p.w, "release", may{failures: storage, twice: true}, func(ctx context.Context) (inventory.Reservation, error) {
		return p.w.watch.reserved(p.w.shelf.Release(ctx, id))
	})
}

func (p shelfPort) Levels(ctx context.Context, items []inventory.Item) ([]inventory.Level, error) {
	return touch(ctx, p.w, "shelf levels", may{failures: storage}, func(ctx context.Context) ([]inventory.Level, error) { return p.w.shelf.Levels(ctx, items) })
}

func (p shelfPort) SetLevels(ctx context.Context, levels []inventory.Level) error {
	return void(ctx, p.w, "tell shelf", may{failures: storage, twice: true}, func(ctx context.Context) error { return p.w.shelf.SetLevels(ctx, levels) })
}

// cartPort keeps carts.
type cartPort struct{ w *world }

func (p cartPort) Load(ctx context.Context, owner cart.Owner) (cart.Cart, error) {
	return touch(ctx, p.w, "load cart", may{failures: storage}, func(ctx context.Context) (cart.Cart, error) { return p.w.carts.Load(ctx, owner) })
}

func (p cartPort) Save(ctx context.Context, c cart.Cart, expected int64) (cart.Cart, error) {
	return touch(ctx, p.w, "save cart", may{failures: storage}, func(ctx context.Context) (cart.Cart, error) { return p.w.carts.Save(ctx, c, expected) })
}

func (p cartPort) Delete(ctx context.Context, owner cart.Owner) error {
	return void(ctx, p.w, "delete cart", may{failures: storage}, func(ctx context.Context) error { return p.w.carts.Delete(ctx, owner) })
}

// catalogPort says what things cost.
type catalogPort struct{ w *world }

func (p catalogPort) Items(ctx context.Context, refs []cart.ItemRef) ([]cart.Item, error) {
	return touch(ctx, p.w, "price", may{failures: reading}, func(ctx context.Context) ([]cart.Item, error) { return p.w.catalog.Items(ctx, refs) })
}

// inboxPort keeps webhooks until they have been acted on.
type inboxPort struct{ w *world }

func (p inboxPort) Put(ctx context.Context, m inbox.Message) (bool, error) {
	return touch(ctx, p.w, "inbox put", may{failures: storage, twice: true}, func(ctx context.Context) (bool, error) { return p.w.inbox.Put(ctx, m) })
}

func (p inboxPort) Claim(ctx context.Context, source string, limit int, lease time.Duration) ([]inbox.Claim, error) {
	return touch(ctx, p.w, "inbox claim", may{failures: storage}, func(ctx context.Context) ([]inbox.Claim, error) {
		return p.w.inbox.Claim(ctx, source, limit, lease)
	})
}

func (p inboxPort) Finish(ctx context.Context, c inbox.Claim, how inbox.Outcome) error {
	return void(ctx, p.w, "inbox finish", may{failures: storage, twice: true}, func(ctx context.Context) error { return p.w.inbox.Finish(ctx, c, how) })
}

// mail is a mail service: it deduplicates by key.
type mail struct{ sent []string }

type mailPort struct{ w *world }

func (p mailPort) Notify(ctx context.Context, n checkout.Notice) error {
	return void(ctx, p.w, "mail "+string(n.Kind), may{failures: reading, late: true, twice: true}, func(context.Context) error {
		if key := string(n.Record.ID) + " " + n.Key; p.w.sabotage.anyMail || !slices.Contains(p.w.mail.sent, key) {
			p.w.mail.sent = append(p.w.mail.sent, key)
		}
		return nil
	})
}

// stream is what a consumer of events has seen: the last one of each checkout.
type stream struct{ seen map[checkout.ID]int64 }

type streamPort struct{ w *world }

func (p streamPort) Publish(ctx context.Context, events ...checkout.Event) error {
	return void(ctx, p.w, "publish", may{failures: storage, twice: true}, func(context.Context) error {
		for _, e := range events {
			p.w.watch.published(e)
		}
		return nil
	})
}

// parcels is a carrier that books a parcel as often as it is told to.
type parcels struct {
	booked map[checkout.ID][]checkout.Shipment
}

type parcelPort struct{ w *world }

func (p parcelPort) Ship(ctx context.Context, r checkout.Record) (checkout.Shipment, error) {
	return touch(ctx, p.w, "ship", may{failures: orders, late: true}, func(context.Context) (checkout.Shipment, error) {
		return p.w.watch.shipped(r), nil
	})
}

func (p parcelPort) FindShipment(ctx context.Context, r checkout.Record) (checkout.Shipment, error) {
	return touch(ctx, p.w, "find parcel", may{failures: reading}, func(context.Context) (checkout.Shipment, error) {
		if booked := p.w.parcels.booked[r.ID]; len(booked) > 0 && !p.w.sabotage.blindParcels {
			return booked[0], nil
		}
		return checkout.Shipment{}, checkout.ErrNotFound
	})
}
