package cart

import (
	"encoding/json"
	"fmt"
)

// Local is the copy of a cart that a client keeps: the server's last answer and the changes it has not yet
// answered. It holds no owner and no price. Its JSON form is stable and decoded strictly; a server that
// reads one back treats it as a wish: only the changes in it can have an effect, through [Service.Do].
type Local struct {
	Cart    Cart
	Pending []Change
}

// MaxPending is the most changes a copy can hold; a cart remembers the ids of as many.
const MaxPending = rememberedChanges

// NewLocal is a fresh copy of the server's cart.
func NewLocal(server Cart) Local { return Local{Cart: server.public()} }

// public is the cart without what only the server should know.
func (c Cart) public() Cart {
	c = c.Clone()
	c.Owner, c.Merged, c.Moved = "", nil, nil
	for i := range c.Lines {
		c.Lines[i].Seen = nil
	}
	return c
}

// Push returns the copy with one more pending change. The change needs an ID, because only by it can the server's
// answer show that the change has arrived.
func (l Local) Push(ch Change) (Local, error) {
	if ch.ID == "" {
		return l, invalid("id", "is empty")
	}
	if len(l.Pending) >= MaxPending {
		return l, tooMany("pending", MaxPending)
	}
	if err := ch.validate(widest()); err != nil {
		return l, err
	}
	l.Pending = append(l.Pending[:len(l.Pending):len(l.Pending)], ch)
	return l, nil
}

// Shown is what to show: the server's cart with the pending changes on top, and the changes that do not fit.
func (l Local) Shown(limits Limits) (Cart, []Rejected) { return Reconcile(l.Cart, l.Pending, limits) }

// Answer returns the copy after an answer of the server: its cart, and the changes that it has not seen. An answer
// that is older than the copy's cart (answers overtake each other) changes nothing.
func (l Local) Answer(server Cart) Local {
	if server.ID == l.Cart.ID && server.Version < l.Cart.Version {
		return l
	}
	return Local{Cart: server.public(), Pending: Outstanding(server, l.Pending)}
}

// Without returns the copy without the change of that ID: the server has refused it, or the shopper took it back.
func (l Local) Without(id string) Local {
	var pending []Change
	for _, ch := range l.Pending {
		if ch.ID != id {
			pending = append(pending, ch)
		}
	}
	l.Pending = pending
	return l
}

// ParseLocal decodes a copy, strictly and within the limits. The error is an [*InvalidError] that names the field.
func ParseLocal(data []byte, limits Limits) (Local, error) {
	var l Local
	if err := read(data, true, func(r *reader) error { return r.copied(&l) }); err != nil {
		return Local{}, err
	}
	if err := l.Cart.Validate(limits); err != nil {
		return Local{}, within("cart", err)
	}
	for i, ch := range l.Pending {
		if err := ch.validate(limits); err != nil {
			return Local{}, within(fmt.Sprintf("pending[%d]", i), err)
		}
	}
	return l, nil
}

func (r *reader) copied(l *Local) error {
	return r.object("", map[string]field{
		"cart": r.cart(&l.Cart),
		"pending": r.array(MaxPending, func(path string) error {
			var ch Change
			if err := r.change(&ch)(path); err != nil {
				return err
			}
			l.Pending = append(l.Pending, ch)
			return nil
		}),
	}, "cart")
}

// MarshalJSON writes {"cart", "pending"}, the cart without owner and prices.
func (l Local) MarshalJSON() ([]byte, error) {
	pending := l.Pending
	if pending == nil {
		pending = []Change{}
	}
	return json.Marshal(struct {
		Cart    cartForm `json:"cart"`
		Pending []Change `json:"pending"`
	}{l.Cart.public().form(), pending})
}

// UnmarshalJSON decodes as [ParseLocal] does, within the widest limits.
func (l *Local) UnmarshalJSON(data []byte) error {
	parsed, err := ParseLocal(data, widest())
	if err != nil {
		return err
	}
	*l = parsed
	return nil
}
