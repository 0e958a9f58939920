package crash

import (
	"context"
	"fmt"
	"sync"

	"github.com/ankkor/ankkor/checkout"
)

// Post is what leaves the shop: mails, parcels, events. Mails are told apart by their key, as a mail service does that
// is given it. Parcels are not: who asks twice has two.
type Post struct {
	mu      sync.Mutex
	mails   map[string]checkout.Notice // by key
	parcels map[checkout.ID][]checkout.Shipment
	events  []checkout.Event
}

var (
	_ checkout.Notifier  = (*Post)(nil)
	_ checkout.Shipper   = (*Post)(nil)
	_ checkout.Publisher = (*Post)(nil)
)

// NewPost returns a post office that has nothing.
func NewPost() *Post {
	return &Post{mails: map[string]checkout.Notice{}, parcels: map[checkout.ID][]checkout.Shipment{}}
}

// Notify implements checkout.Notifier.
func (p *Post) Notify(_ context.Context, n checkout.Notice) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails[n.Key] = n
	return nil
}

// Ship implements checkout.Shipper.
func (p *Post) Ship(_ context.Context, r checkout.Record) (checkout.Shipment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	booked := checkout.Shipment{ID: fmt.Sprintf("%s-%d", r.ID, len(p.parcels[r.ID])+1), Carrier: "Crash Couriers", At: r.UpdatedAt}
	p.parcels[r.ID] = append(p.parcels[r.ID], booked)
	return booked, nil
}

// FindShipment implements checkout.Shipper.
func (p *Post) FindShipment(_ context.Context, r checkout.Record) (checkout.Shipment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if booked := p.parcels[r.ID]; len(booked) > 0 {
		return booked[0], nil
	}
	return checkout.Shipment{}, checkout.ErrNotFound
}

// Publish implements checkout.Publisher.
func (p *Post) Publish(_ context.Context, events ...checkout.Event) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events = append(p.events, events...)
	return nil
}

// told counts the mails of each kind about a checkout.
func (p *Post) told(id checkout.ID) map[checkout.NoticeKind]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	count := map[checkout.NoticeKind]int{}
	for _, n := range p.mails {
		if n.Record.ID == id {
			count[n.Kind]++
		}
	}
	return count
}

// booked counts the parcels of a checkout.
func (p *Post) booked(id checkout.ID) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.parcels[id])
}

// heard lists the numbers of a checkout's events as a consumer gets them that drops what it had before.
func (p *Post) heard(id checkout.ID) []int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	var numbers []int64
	seen := map[string]bool{}
	for _, e := range p.events {
		if e.Checkout == id && !seen[e.ID] {
			seen[e.ID] = true
			numbers = append(numbers, e.Sequence)
		}
	}
	return numbers
}
