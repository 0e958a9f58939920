package stockhttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ankkor/ankkor/inventory"
)

// Books is what a Feed follows.
type Books interface {
	inventory.Ledger
	inventory.Levels
}

// FeedConfig configures a Feed. Books is required.
type FeedConfig struct {
	Books Books
	// Cap is the most pieces that are told: a shop may not want its rivals to
	// count its stock. 0 means 20.
	Cap int64
	// Every is how often Run looks for changes; 0 means a second.
	Every time.Duration
	// Heartbeat is how often a silent stream says that it is alive; 0 means 15 s.
	Heartbeat time.Duration
	// Buffer is how many changes may wait for a slow client; 0 means 64.
	Buffer int
	// Clients is how many may listen at a time; 0 means 1000.
	Clients int
	Log     *slog.Logger // nil means slog.Default
}

// Limits of a stream.
const (
	maxItems   = 100
	replayPage = 1000
	writeFor   = 10 * time.Second
)

// Update is what a client is told of an item.
type Update struct {
	Item      inventory.Item `json:"item"`
	InStock   bool           `json:"in_stock"`
	Available int64          `json:"available"` // at most Cap
	seq       int64
}

// Feed streams updates to any number of clients. It is safe for concurrent use.
type Feed struct {
	config FeedConfig

	mu      sync.Mutex
	last    int64 // of the ledger
	began   bool
	clients map[*client]bool
}

// client is one stream.
type client struct {
	items   []inventory.Item
	updates chan Update
	gone    chan struct{} // closed when it was let go
}

// NewFeed makes a feed. It is silent until Run runs.
func NewFeed(c FeedConfig) (*Feed, error) {
	if c.Books == nil {
		return nil, missing("Books", true)
	}
	if c.Cap < 0 || c.Every < 0 || c.Heartbeat < 0 || c.Buffer < 0 || c.Clients < 0 {
		return nil, fmt.Errorf("%w: Cap, Every, Heartbeat, Buffer and Clients must not be negative", ErrConfig)
	}
	if c.Cap == 0 {
		c.Cap = 20
	}
	if c.Every == 0 {
		c.Every = time.Second
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = 15 * time.Second
	}
	if c.Buffer == 0 {
		c.Buffer = 64
	}
	if c.Clients == 0 {
		c.Clients = 1000
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Feed{config: c, clients: map[*client]bool{}}, nil
}

// Run follows the ledger until ctx is done, whose error it returns, and then lets
// every client go. It owns no other goroutine.
func (f *Feed) Run(ctx context.Context) error {
	defer f.letGo()
	ticker := time.NewTicker(f.config.Every)
	defer ticker.Stop()
	for {
		if err := f.Look(ctx); err != nil && ctx.Err() == nil {
			f.config.Log.ErrorContext(ctx, "following stock", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// Look tells the clients what changed since the last look. Run calls it; so may
// whoever knows that something changed.
func (f *Feed) Look(ctx context.Context) error {
	f.mu.Lock()
	last, began := f.last, f.began
	f.mu.Unlock()
	for {
		entries, err := f.config.Books.Entries(ctx, inventory.LedgerQuery{After: last, Limit: replayPage})
		if err != nil {
			return fmt.Errorf("stockhttp: reading the ledger: %w", err)
		}
		if len(entries) > 0 {
			last = entries[len(entries)-1].Seq
		}
		if began && len(entries) > 0 {
			updates, err := f.updates(ctx, entries)
			if err != nil {
				return err
			}
			f.broadcast(updates)
		}
		if f.seen(last); len(entries) < replayPage {
			return nil
		}
	}
}

// seen notes how far the ledger was read.
func (f *Feed) seen(last int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last, f.began = max(f.last, last), true
}

// updates are the items of the entries as they are now, in the order in which they
// last changed.
func (f *Feed) updates(ctx context.Context, entries []inventory.Entry) ([]Update, error) {
	seqs := map[inventory.Item]int64{}
	var items []inventory.Item
	for _, e := range entries {
		if _, known := seqs[e.Key.Item]; !known {
			items = append(items, e.Key.Item)
		}
		seqs[e.Key.Item] = e.Seq
	}
	updates, err := f.now(ctx, items)
	for i := range updates {
		updates[i].seq = seqs[updates[i].Item]
	}
	slices.SortFunc(updates, func(a, b Update) int { return int(a.seq - b.seq) })
	return updates, err
}

// now is what a client is told of items.
func (f *Feed) now(ctx context.Context, items []inventory.Item) ([]Update, error) {
	var updates []Update
	for part := range slices.Chunk(items, inventory.MaxBatch) {
		levels, err := f.config.Books.Levels(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("stockhttp: reading levels: %w", err)
		}
		for _, l := range levels {
			if n := len(updates); n == 0 || updates[n-1].Item != l.Key.Item {
				updates = append(updates, Update{Item: l.Key.Item})
			}
			u := &updates[len(updates)-1]
			u.Available = min(f.config.Cap, u.Available+min(f.config.Cap, max(0, l.Available())))
			u.InStock = u.InStock || l.Sellable() > 0
		}
	}
	return updates, nil
}

// broadcast never waits: a client whose buffer is full is let go.
func (f *Feed) broadcast(updates []Update) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.clients {
		for _, u := range updates {
			if !slices.Contains(c.items, u.Item) {
				continue
			}
			select {
			case c.updates <- u:
				continue
			default:
			}
			f.drop(c)
			break
		}
	}
}

// drop lets a client go; the lock is held.
func (f *Feed) drop(c *client) {
	if f.clients[c] {
		delete(f.clients, c)
		close(c.gone)
	}
}

func (f *Feed) letGo() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.clients {
		f.drop(c)
	}
}

// Listening says how many clients there are.
func (f *Feed) Listening() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.clients)
}

// join adds a client, unless there are too many.
func (f *Feed) join(items []inventory.Item) *client {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.clients) >= f.config.Clients {
		return nil
	}
	c := &client{items: items, updates: make(chan Update, f.config.Buffer), gone: make(chan struct{})}
	f.clients[c] = true
	return c
}

func (f *Feed) leave(c *client) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drop(c)
}

// ServeHTTP streams updates of the items named by "item" parameters, at most 100:
// first how each is, or with Last-Event-ID those that changed since; then every
// change. It answers 400 for items it cannot read and for coupons, 405, and 503 when too many
// listen.
func (f *Feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "GET only", http.StatusMethodNotAllowed)
		return
	}
	items, err := itemsOf(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c := f.join(items)
	if c == nil {
		w.Header().Set("Retry-After", "10")
		http.Error(w, "too many are listening", http.StatusServiceUnavailable)
		return
	}
	defer f.leave(c)
	f.stream(w, r, c)
}

func itemsOf(r *http.Request) ([]inventory.Item, error) {
	names := r.URL.Query()["item"]
	if len(names) == 0 || len(names) > maxItems {
		return nil, fmt.Errorf("name 1 to %d items", maxItems)
	}
	var items []inventory.Item
	for _, name := range names {
		item, err := inventory.ParseItem(name)
		if err != nil {
			return nil, errors.New("an item cannot be read")
		}
		if item.Coupon() { // who used which is nobody else's business
			return nil, errors.New("coupons are not told of")
		}
		items = append(items, item)
	}
	return items, nil
}

// stream writes until the client leaves, is let go, or does not take what is
// written.
func (f *Feed) stream(w http.ResponseWriter, r *http.Request, c *client) {
	out := stream{w: w, control: http.NewResponseController(w)}
	first, err := f.missed(r, c)
	if err != nil {
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would wait for more
	out.send("retry: 3000\n\n")
	for _, u := range first {
		out.update(u)
	}
	beat := time.NewTicker(f.config.Heartbeat)
	defer beat.Stop()
	for out.err == nil {
		select {
		case <-r.Context().Done():
			return
		case <-c.gone:
			return
		case u := <-c.updates:
			out.update(u)
		case <-beat.C:
			out.send(": alive\n\n")
		}
	}
}

// missed is what a client has to hear first. It has joined already, so nothing falls
// between; something may come twice.
func (f *Feed) missed(r *http.Request, c *client) ([]Update, error) {
	f.mu.Lock()
	last := f.last
	f.mu.Unlock()
	since, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	if err == nil && since >= 0 && since <= last {
		entries, err := f.config.Books.Entries(r.Context(), inventory.LedgerQuery{After: since, Limit: replayPage})
		if err != nil {
			return nil, err
		}
		if len(entries) < replayPage {
			entries = slices.DeleteFunc(entries, func(e inventory.Entry) bool { return !slices.Contains(c.items, e.Key.Item) })
			return f.updates(r.Context(), entries)
		}
	}
	updates, err := f.now(r.Context(), c.items)
	for i := range updates {
		updates[i].seq = last
	}
	return updates, err
}

// stream is a response being written.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (s *stream) update(u Update) {
	data, err := json.Marshal(u)
	if err != nil {
		s.err = err
		return
	}
	s.send(fmt.Sprintf("id: %d\nevent: stock\ndata: %s\n\n", u.seq, data))
}

// send writes and flushes. A client that takes nothing for ten seconds is slow.
func (s *stream) send(text string) {
	if s.err != nil {
		return
	}
	_ = s.control.SetWriteDeadline(time.Now().Add(writeFor)) // not every ResponseWriter can
	if _, s.err = s.w.Write([]byte(text)); s.err == nil {
		s.err = s.control.Flush()
	}
}
