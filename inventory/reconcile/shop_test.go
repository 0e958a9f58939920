package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
)

var (
	mug  = inventory.ProductItem(16)
	sari = inventory.ProductItem(18)
	ring = inventory.VariationItem(43)
)

// stamped is a thing in the store of record and when it changed.
type stamped struct {
	kind  reconcile.Kind
	item  inventory.Item
	order int64
	at    time.Time
}

// elsewhere is a store of record in memory.
type elsewhere struct {
	mu      sync.Mutex
	now     func() time.Time
	numbers map[inventory.Item]inventory.Level
	orders  map[int64]reconcile.Order
	log     []stamped
	asked   int
	page    int
	broken  error
	once    error // for one call
	wrote   map[inventory.Item]int64
	between func() // runs inside each reading
}

func (e *elsewhere) set(item inventory.Item, n int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.numbers[item]
	l.Key, l.OnHand = item.At(inventory.DefaultLocation), n
	e.numbers[item] = l
	e.stamp(stamped{kind: reconcile.Products, item: item})
}

func (e *elsewhere) stamp(s stamped) {
	e.log = slices.DeleteFunc(e.log, func(o stamped) bool { return o.kind == s.kind && o.item == s.item && o.order == s.order })
	s.at = e.now().Truncate(time.Second)
	e.log = append(e.log, s)
}

// order says what the order has subtracted of the mug.
func (e *elsewhere) order(id, reduced int64, status string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.orders[id] = reconcile.Order{ID: id, Status: status, Lines: []reconcile.OrderLine{{Product: 16, Reduced: reduced}}}
	e.stamp(stamped{kind: reconcile.Orders, order: id})
}

func (e *elsewhere) fail() error {
	err := errors.Join(e.broken, e.once)
	e.once = nil
	return err
}

func (e *elsewhere) Stock(_ context.Context, items []inventory.Item) ([]inventory.Level, error) {
	if e.between != nil {
		e.between()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail(); err != nil {
		return nil, err
	}
	var levels []inventory.Level
	for _, item := range items {
		e.asked++
		if l, ok := e.numbers[item]; ok {
			levels = append(levels, l)
		}
	}
	return levels, nil
}

func (e *elsewhere) Changes(_ context.Context, kind reconcile.Kind, from reconcile.Position) (reconcile.Page, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.fail(); err != nil {
		return reconcile.Page{}, err
	}
	var list []stamped
	for _, s := range e.log {
		if s.kind == kind && !s.at.Before(from.At) {
			list = append(list, s)
		}
	}
	slices.SortStableFunc(list, func(a, b stamped) int { return a.at.Compare(b.at) })
	list = list[min(len(list), (max(1, from.Page)-1)*e.page):]
	page := reconcile.Page{Next: reconcile.Position{At: from.At, Page: 1}, More: len(list) >= e.page}
	for _, s := range list[:min(len(list), e.page)] {
		if s.item != "" {
			page.Items = append(page.Items, s.item)
		} else {
			page.Orders = append(page.Orders, e.orders[s.order])
		}
		page.Next.At = s.at
	}
	if page.More && page.Next.At.Equal(from.At) {
		page.Next.Page = max(1, from.Page) + 1
	}
	return page, nil
}

func (e *elsewhere) Order(_ context.Context, id int64) (reconcile.Order, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if o, ok := e.orders[id]; ok {
		return o, e.fail()
	}
	return reconcile.Order{}, fmt.Errorf("order %d: %w", id, reconcile.ErrNotFound)
}

func (e *elsewhere) WriteStock(_ context.Context, item inventory.Item, n int64) error {
	e.set(item, n)
	e.wrote[item] = n
	return nil
}

// shop is a shop that follows a store of record, with a hand on everything.
type shop struct {
	*testing.T
	*reconcile.Service
	there   *elsewhere
	stock   *memstore.Stock
	journal *memstore.Journal
	events  *events
	config  reconcile.Config
	now     time.Time
}

// events is a sink.
type events struct {
	mu   sync.Mutex
	list []inventory.StockEvent
	fail error
}

func (e *events) StockEvents(_ context.Context, list ...inventory.StockEvent) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail == nil {
		e.list = append(e.list, list...)
	}
	return e.fail
}

// kinds empties the sink.
func (e *events) kinds() (kinds []inventory.StockEventKind) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, one := range e.list {
		kinds = append(kinds, one.Kind)
	}
	e.list = nil
	return kinds
}

// open opens a shop that has read ten of everything.
func open(t *testing.T, change ...func(*reconcile.Config)) *shop {
	t.Helper()
	s := &shop{T: t, now: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), journal: memstore.NewJournal(), events: &events{}}
	now := func() time.Time { return s.now }
	s.stock = memstore.NewStock(memstore.StockConfig{Now: now})
	s.there = &elsewhere{
		now: now, numbers: map[inventory.Item]inventory.Level{}, orders: map[int64]reconcile.Order{}, page: 2, wrote: map[inventory.Item]int64{},
	}
	s.config = reconcile.Config{
		Books: s.stock, Source: s.there, Feed: s.there, Journal: s.journal, Sink: s.events, Writer: s.there, Now: now, Log: slog.New(slog.DiscardHandler),
		RefOf: func(_ context.Context, o reconcile.Order) (string, error) {
			if o.ID < 100 {
				return "", nil
			}
			return fmt.Sprintf("order:%d", o.ID), nil
		},
	}
	for _, f := range change {
		f(&s.config)
	}
	s.Service = s.replica()
	for _, item := range []inventory.Item{mug, sari, ring} {
		s.there.set(item, 10)
		s.must(s.stock.SetLevels(t.Context(), []inventory.Level{{Key: item.At(inventory.DefaultLocation), OnHand: 10}}))
	}
	return s
}

func (s *shop) replica() *reconcile.Service {
	s.Helper()
	service, err := reconcile.New(s.config)
	s.must(err)
	return service
}

func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *shop) level(item inventory.Item) inventory.Level {
	s.Helper()
	levels, err := s.stock.Levels(s.Context(), []inventory.Item{item})
	if err != nil || len(levels) != 1 {
		s.Fatalf("levels of %s: %v, %v", item, levels, err)
	}
	return levels[0]
}

func (s *shop) wants(item inventory.Item, onHand int64) {
	s.Helper()
	if got := s.level(item).OnHand; got != onHand {
		s.Errorf("%d of %s are on hand, want %d", got, item, onHand)
	}
}

func (s *shop) pass() reconcile.Report {
	s.Helper()
	s.now = s.now.Add(time.Minute)
	report, err := s.Pass(s.Context())
	s.must(err)
	return report
}

// sell makes moves of mugs for an order.
func (s *shop) sell(id, n int64, kinds ...inventory.MoveKind) {
	s.Helper()
	for _, kind := range kinds {
		_, err := s.stock.Move(s.Context(), inventory.Move{
			Kind: kind, Ref: fmt.Sprintf("order:%d", id), Lines: []inventory.Held{{Key: mug.At(inventory.DefaultLocation), Quantity: n}},
		})
		s.must(err)
	}
}

// balance checks every book.
func (s *shop) balance() {
	s.Helper()
	entries, err := s.stock.Entries(s.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	s.must(err)
	for _, item := range []inventory.Item{mug, sari, ring} {
		s.must(inventory.Conserved(entries, s.level(item)))
	}
}

func (s *shop) open() []reconcile.Finding {
	s.Helper()
	list, err := s.Findings(s.Context(), reconcile.FindingQuery{State: reconcile.Open})
	s.must(err)
	return list
}
