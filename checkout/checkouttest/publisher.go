package checkouttest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ankkor/ankkor/checkout"
)

// PublisherHarness is a publisher of a stream that nobody else writes to, and an eye on what arrives.
type PublisherHarness struct {
	Publisher checkout.Publisher
	// Others are further publishers of the same stream, such as processes of their own. Optional.
	Others []checkout.Publisher
	// Delivered returns everything that a consumer has been given so far, in the order it was.
	Delivered func(ctx context.Context) ([]checkout.Event, error)
}

// RunPublisher checks a [checkout.Publisher].
func RunPublisher(t *testing.T, fresh func(t *testing.T) PublisherHarness) {
	promises := []struct {
		name  string
		check func(*publisherTest)
	}{
		{"events arrive as they were published", arriveWhole},
		{"events arrive in order", arriveInOrder},
		{"calls arrive one after another", callsInOrder},
		{"many events arrive at once", manyArrive},
		{"no events are no error", noneIsFine},
		{"an event published again keeps its id", againSameID},
		{"the caller keeps its events", callerKeeps},
		{"a done context publishes nothing", doneContextPublishesNothing},
		{"many publishers lose nothing and keep each checkout's order", manyPublishers},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) { p.check(&publisherTest{T: t, PublisherHarness: fresh(t)}) })
	}
}

// publisherTest is one promise being checked.
type publisherTest struct {
	*testing.T
	PublisherHarness
}

// event is the nth of a checkout.
func event(id checkout.ID, n int64) checkout.Event {
	return checkout.Event{
		ID: fmt.Sprintf("%s-%d", id, n), Kind: "checkout.placed", Checkout: id, Sequence: n, At: at.Add(time.Duration(n) * time.Second),
	}
}

// events are the first n of a checkout.
func events(id checkout.ID, n int64) []checkout.Event {
	var list []checkout.Event
	for i := range n {
		list = append(list, event(id, i+1))
	}
	return list
}

func (p *publisherTest) publish(list ...checkout.Event) {
	p.Helper()
	if err := p.Publisher.Publish(p.Context(), list...); err != nil {
		p.Fatalf("Publish: %v", err)
	}
}

func (p *publisherTest) delivered() []checkout.Event {
	p.Helper()
	got, err := p.Delivered(p.Context())
	if err != nil {
		p.Fatalf("Delivered: %v", err)
	}
	return got
}

// wantDelivered checks everything that has arrived. Absent and empty data are the same.
func (p *publisherTest) wantDelivered(want ...checkout.Event) {
	p.Helper()
	if diff := cmp.Diff(want, p.delivered(), cmpopts.EquateEmpty()); diff != "" {
		p.Fatalf("delivered (-want +got):\n%s", diff)
	}
}

func arriveWhole(p *publisherTest) {
	whole := event("chk_1", 1<<53)
	whole.Kind, whole.At = "checkout.paid", at.Add(123456*time.Microsecond)
	whole.Data = []byte("{\"total\":\"₹ 1,299.00\"}\x00\xff\r\n")
	p.publish(whole)
	p.publish(event("chk_2", 1)) // without data
	p.wantDelivered(whole, event("chk_2", 1))
}

func arriveInOrder(p *publisherTest) {
	var mixed []checkout.Event
	for n := range int64(5) {
		mixed = append(mixed, event("chk_2", n+1), event("chk_1", n+1))
	}
	p.publish(mixed...)
	p.wantDelivered(mixed...)
}

func callsInOrder(p *publisherTest) {
	all := events("chk_1", 6)
	p.publish(all[:2]...)
	p.publish(all[2])
	p.publish(all[3:]...)
	p.wantDelivered(all...)
}

func manyArrive(p *publisherTest) {
	all := events("chk_1", 1200)
	p.publish(all...)
	p.wantDelivered(all...)
}

func noneIsFine(p *publisherTest) {
	p.publish()
	p.wantDelivered()
}

// againSameID: whoever deduplicates by id is given each event once.
func againSameID(p *publisherTest) {
	all := events("chk_1", 3)
	p.publish(all...)
	p.publish(all...)
	var once []checkout.Event
	for _, e := range p.delivered() {
		if !slices.ContainsFunc(once, func(o checkout.Event) bool { return o.ID == e.ID }) {
			once = append(once, e)
		}
	}
	if diff := cmp.Diff(all, once, cmpopts.EquateEmpty()); diff != "" {
		p.Fatalf("without repeated ids (-want +got):\n%s", diff)
	}
}

func callerKeeps(p *publisherTest) {
	mine := event("chk_1", 1)
	mine.Data = []byte("mine")
	want := mine
	want.Data = []byte("mine")
	list := []checkout.Event{mine}
	p.publish(list...)
	copy(mine.Data, "else")
	list[0] = checkout.Event{}
	p.wantDelivered(want)
}

func doneContextPublishesNothing(p *publisherTest) {
	ctx, cancel := context.WithCancel(p.Context())
	cancel()
	if err := p.Publisher.Publish(ctx, events("chk_1", 2)...); err == nil {
		p.Fatal("Publish with a done context is no error")
	}
	p.wantDelivered()
}

func manyPublishers(p *publisherTest) {
	const checkouts, each = 16, 25
	all := append([]checkout.Publisher{p.Publisher}, p.Others...)
	var publishing sync.WaitGroup
	for n := range checkouts {
		publishing.Go(func() {
			for _, e := range events(checkout.ID(fmt.Sprint("chk_", n)), each) {
				if err := all[n%len(all)].Publish(p.Context(), e); err != nil {
					p.Errorf("Publish: %v", err)
				}
			}
		})
	}
	publishing.Wait()
	last := map[checkout.ID]int64{}
	for _, e := range p.delivered() {
		if e.Sequence != last[e.Checkout]+1 {
			p.Fatalf("%s: event %d after %d", e.Checkout, e.Sequence, last[e.Checkout])
		}
		last[e.Checkout] = e.Sequence
	}
	for n := range checkouts {
		if id := checkout.ID(fmt.Sprint("chk_", n)); last[id] != each {
			p.Errorf("%s: %d events arrived, want %d", id, last[id], each)
		}
	}
}
