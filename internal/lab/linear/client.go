package linear

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/ankkor/ankkor/inventory"
)

// Subject is a store under test as one of its clients has it. Those that are also
// an [inventory.Mover] are given moves, and [inventory.Concluder]s are told to conclude.
type Subject interface {
	inventory.Reserver
	inventory.Levels
}

// Resender is the optional interface of a [Subject] whose client sends by itself again
// what it got no answer to. Each sending may take effect, and only the answer to the
// last is seen.
type Resender interface {
	// Sendings is how many requests of a kind, about a reservation, were sent so far.
	// Where clients share a line it counts for all of them.
	Sendings(kind Kind, id string) int
}

// sendings is what a Resender says of a call; 0 if the subject is none. Not all count: a
// [Set] is taken once, whatever else comes, and what was released stays so. But a
// [Conclude] may set one time and release the next, what was reserved in between.
func (n names) sendings(s Subject, c Call) int {
	if r, ok := s.(Resender); ok && (c.Kind == Reserve || c.Kind == Extend || c.Kind == Conclude) {
		return r.Sendings(c.Kind, n.id(c.ID))
	}
	return 0
}

// names turn the numbers of calls into names that no other history uses.
type names struct {
	run  string
	sure error // see Shop
	lost error
}

func (n names) item(i int) inventory.Item {
	return inventory.Item(fmt.Sprintf("product:%s.%d", n.run, i))
}

func (n names) id(i int) string {
	if i == None {
		return ""
	}
	return fmt.Sprintf("%s.r%d", n.run, i)
}

func place(i int) inventory.Location { return [Places]inventory.Location{"delhi", "pune"}[i] }

func (n names) key(k int) inventory.Key { return n.item(k / Places).At(place(k % Places)) }

// number is the key's, or -1.
func (n names) number(key inventory.Key) int {
	for k := range Keys {
		if n.key(k) == key {
			return k
		}
	}
	return -1
}

func (n names) items() []inventory.Item {
	var items []inventory.Item
	for i := range Items {
		items = append(items, n.item(i))
	}
	return items
}

// do makes a call. An error is one that no contract allows.
func (n names) do(ctx context.Context, s Subject, c Call) (Answer, error) {
	switch c.Kind {
	case Reserve:
		return n.reservation(s.Reserve(ctx, n.request(c)))
	case Extend:
		return n.reservation(s.Extend(ctx, n.id(c.ID), c.TTL))
	case Release:
		return n.reservation(s.Release(ctx, n.id(c.ID)))
	case Set:
		return n.outcome(s.SetLevels(ctx, n.told(c.Told)))
	case Conclude:
		return n.outcome(s.(inventory.Concluder).Conclude(ctx, n.id(c.ID), n.told(c.Told)))
	case Move:
		levels, err := s.(inventory.Mover).Move(ctx, n.move(c))
		return n.levels(levels, false, err)
	}
	levels, err := s.Levels(ctx, n.items())
	return n.levels(levels, true, err)
}

func (n names) request(c Call) inventory.ReserveRequest {
	req := inventory.ReserveRequest{
		ID: n.id(c.ID), Owner: fmt.Sprint("owner-", owner(c.ID)), TTL: c.TTL, Replaces: n.id(c.Replaces),
	}
	if c.Whole {
		req.Split = inventory.SplitForbidden
	}
	for _, p := range c.Order {
		req.Locations = append(req.Locations, place(p))
	}
	for item, want := range c.Want {
		half := want / 2
		if !c.Halves {
			half = 0
		}
		for _, qty := range []int64{half, want - half} {
			if qty > 0 {
				req.Lines = append(req.Lines, inventory.Line{Item: n.item(item), Quantity: qty})
			}
		}
	}
	if c.Halves {
		slices.Reverse(req.Lines)
	}
	return req
}

func (n names) told(told [Keys]Told) []inventory.Level {
	var levels []inventory.Level
	for k, t := range told {
		if t.Set {
			levels = append(levels, inventory.Level{Key: n.key(k), OnHand: t.OnHand, Allocated: t.Allocated, Revision: t.Revision})
		}
	}
	return levels
}

func (n names) move(c Call) inventory.Move {
	m := inventory.Move{Kind: c.Move, Ref: "order-" + n.run, Reservation: n.id(c.ID)}
	for k, qty := range c.Quantity {
		if qty != 0 {
			m.Lines = append(m.Lines, inventory.Held{Key: n.key(k), Quantity: qty})
		}
	}
	return m
}

// reservation reads what a call about a reservation was answered.
func (n names) reservation(r inventory.Reservation, cause error) (Answer, error) {
	a, err := n.outcome(cause)
	if err != nil {
		return a, err
	}
	switch a.Outcome {
	case Done, Ended:
		a.State, a.Expires = r.State, r.ExpiresAt.UnixNano()
		for _, h := range r.Lines {
			k := n.number(h.Key)
			if k < 0 {
				return a, fmt.Errorf("it holds %s, which nobody asked for", h.Key)
			}
			a.Held[k] += h.Quantity
		}
	case Short:
		var short *inventory.ShortageError
		if !errors.As(cause, &short) {
			return a, fmt.Errorf("a shortage without its lines: %w", cause)
		}
		for _, l := range short.Lines {
			for i := range Items {
				if n.item(i) == l.Item {
					a.Short[i], a.Have[i] = true, l.Have
				}
			}
		}
	}
	return a, nil
}

// levels reads a list of levels, with what is reserved or without.
func (n names) levels(levels []inventory.Level, reserved bool, err error) (Answer, error) {
	a, err := n.outcome(err)
	if err != nil || a.Outcome != Done {
		return a, err
	}
	for _, l := range levels {
		k := n.number(l.Key)
		if k < 0 {
			return a, fmt.Errorf("it shows %s, which nobody asked for", l.Key)
		}
		a.Levels[k] = Level{OnHand: l.OnHand, Allocated: l.Allocated, Sold: l.Sold, Revision: l.Revision}
		if reserved {
			a.Levels[k].Reserved = l.Reserved
		}
	}
	return a, nil
}

// outcome says how a call ended. An error that is neither a refusal nor a broken
// line is returned.
func (n names) outcome(err error) (Answer, error) {
	for _, known := range []struct {
		target error
		is     Outcome
	}{
		{inventory.ErrInsufficient, Short}, {inventory.ErrConflict, Conflict}, {inventory.ErrEnded, Ended},
		{inventory.ErrNotFound, NotFound}, {inventory.ErrImpossible, Impossible},
	} {
		if errors.Is(err, known.target) {
			return Answer{Outcome: known.is}, nil
		}
	}
	switch {
	case err == nil:
		return Answer{Outcome: Done}, nil
	case n.sure != nil && errors.Is(err, n.sure):
		return Answer{Outcome: Unapplied}, nil
	case n.lost != nil && errors.Is(err, n.lost), lost(err):
		return Answer{Outcome: Unknown}, nil
	}
	return Answer{}, err
}

// lost says whether the line broke.
func lost(err error) bool {
	var network net.Error
	for _, target := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, driver.ErrBadConn} {
		if errors.Is(err, target) {
			return true
		}
	}
	return errors.As(err, &network)
}
