package webhook

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/checkout/inbox"
)

// Resource is a kind of thing that changes.
type Resource string

// The resources. WooCommerce announces a variation's change as a product's.
const (
	Product   Resource = "product"
	Variation Resource = "variation"
	Order     Resource = "order"
	Coupon    Resource = "coupon"
	Customer  Resource = "customer"
)

func (r Resource) known() bool {
	switch r {
	case Product, Order, Coupon, Customer:
		return true
	case Variation: // never the resource of a topic
	}
	return false
}

// Event is what the sender says happened. It is a hint: the header it stands in
// is not signed, and "created" may arrive after "updated".
type Event string

// The events.
const (
	Created  Event = "created"
	Updated  Event = "updated"
	Deleted  Event = "deleted" // for a product and an order: moved to the trash
	Restored Event = "restored"
)

func (e Event) known() bool {
	switch e {
	case Created, Updated, Deleted, Restored:
		return true
	}
	return false
}

// Change says what to read again.
type Change struct {
	Resource Resource
	ID       int64
	// ParentID is a variation's product, else 0. Its stock may have moved with it:
	// WooCommerce sends one of the two.
	ParentID   int64
	Event      Event
	ReceivedAt time.Time
}

// String is the change in words.
func (c Change) String() string {
	return fmt.Sprintf("%s %d %s", c.Resource, c.ID, c.Event)
}

// Errors of a message that says nothing one could read again.
var (
	// ErrNoChange says that the message is about nothing this package knows: an
	// action.* webhook, or a topic it cannot tell.
	ErrNoChange = errors.New("webhook: the message names no resource")
	// ErrStoreError says that WooCommerce sent an error instead of a resource: the
	// user who made the webhook may no longer read it. Make the webhook anew.
	ErrStoreError = errors.New("webhook: the store could not read what it announces")
)

// body is all that is taken from a message.
type body struct {
	ID       json.Number `json:"id"`
	ParentID json.Number `json:"parent_id"`
	Type     string      `json:"type"`
	Code     any         `json:"code"`
}

// ChangeOf reads what a stored message is about.
func ChangeOf(m inbox.Message) (Change, error) {
	resource, event, _ := strings.Cut(m.Topic, ".")
	if !Resource(resource).known() || !Event(event).known() {
		return Change{}, ErrNoChange
	}
	var b body
	if err := json.Unmarshal(m.Body, &b); err != nil {
		return Change{}, fmt.Errorf("%w: not the JSON of a resource", ErrNoChange)
	}
	id, err := strconv.ParseInt(string(b.ID), 10, 64)
	switch {
	case err != nil && b.Code != nil && Resource(resource) != Coupon:
		return Change{}, ErrStoreError
	case err != nil || id <= 0:
		return Change{}, fmt.Errorf("%w: no id", ErrNoChange)
	}
	c := Change{Resource: Resource(resource), ID: id, Event: Event(event), ReceivedAt: m.ReceivedAt}
	if c.Resource == Product && b.Type == string(Variation) {
		c.Resource = Variation
		c.ParentID, _ = strconv.ParseInt(string(b.ParentID), 10, 64) // 0 when there is none
	}
	return c, nil
}
